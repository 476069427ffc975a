import type { EligibilityDeclaration } from '@app/contracts';

import { A4, GREY, PALE, type Row, type Sheet } from './sheet.js';
import { NOTHING, SEX, wareki, wari } from './words.js';

const LEFT = 54;
const WIDTH = A4.width - 2 * LEFT;
const BODY = 10;
const TABLE = { width: WIDTH, labelWidth: 150, rowHeight: 28, size: 10.5 } as const;

/** One box for each choice; of what holds it is filled. */
const ticked = (choices: readonly (readonly [words: string, holds: boolean])[]): string =>
  choices.map(([words, holds]) => `${holds ? '■' : '□'} ${words}`).join('　　');

const insuranceRows = (declaration: EligibilityDeclaration): readonly Row[] => {
  const rate = declaration.copay === undefined ? undefined : wari(declaration.copay);
  return [
    [
      '有効な資格',
      ticked([
        ['有', true],
        ['無', false],
      ]),
    ],
    [
      '加入医療保険の種別',
      ticked([
        ['社保', declaration.scheme === 'shaho'],
        ['国保', declaration.scheme === 'kokuho'],
        ['後期', declaration.scheme === 'kouki'],
      ]),
    ],
    ['保険者等名称', `${declaration.insurerName}（${declaration.insurerNumber}）`],
    [
      '記号・番号（枝番）',
      `${declaration.insuredCardSymbol ?? NOTHING}・${declaration.insuredIdentificationNumber}（${declaration.insuredBranchNumber ?? NOTHING}）`,
    ],
    [
      '資格を取得した時期',
      ticked([
        ['１か月以内', declaration.joinedWithinAMonth],
        ['１か月以上前', !declaration.joinedWithinAMonth],
      ]),
    ],
    [
      '一部負担金の割合',
      ticked([
        ...['３割', '２割', '１割'].map((words) => [words, rate === words.normalize('NFKC')] as const),
        ['わからない', rate === undefined],
      ]),
    ],
  ];
};

const cardRows = (declaration: EligibilityDeclaration): readonly Row[] => [
  ['フリガナ', declaration.nameKana],
  ['氏名', declaration.name],
  ['生年月日', wareki(declaration.birthdate)],
  [
    '性別',
    ticked([
      ['男', SEX[declaration.sex1] === '男'],
      ['女', SEX[declaration.sex1] === '女'],
    ]),
  ],
  [
    '住所',
    `${declaration.postNumber === undefined ? '' : `〒${declaration.postNumber}　`}${declaration.address ?? ''}`,
  ],
  ['連絡先（電話番号）', ''],
];

const heading = (sheet: Sheet, words: string, y: number): number => {
  sheet.box(LEFT, y, WIDTH, 20, { fill: PALE, line: PALE });
  return sheet.value(words, LEFT + 6, y, { size: 10.5, width: WIDTH - 12, height: 20, bold: true });
};

/** 被保険者資格申立書 with what is on record filled in; what only the patient can say is left open. */
export const drawDeclaration = (sheet: Sheet, declaration: EligibilityDeclaration): void => {
  let y = sheet.value('被保険者資格申立書', LEFT, 54, { size: 18, width: WIDTH, align: 'center', bold: true });
  y = sheet.paragraph(
    'マイナンバーカードによるオンライン資格確認を行ったところ、資格情報または一部負担金の割合等が確認できなかったため、以下のとおり申し立てます。',
    LEFT,
    y + 14,
    { size: BODY, width: WIDTH },
  );
  y = heading(sheet, '１　資格に関する事項', y + 12);
  y = sheet.table(insuranceRows(declaration), LEFT, y + 4, TABLE);
  y = heading(sheet, '２　マイナンバーカードの券面等に関する事項', y + 14);
  y = sheet.table(cardRows(declaration), LEFT, y + 4, TABLE);
  y = heading(sheet, '３　申立て', y + 14);
  y = sheet.paragraph(
    '上記の記載に相違ありません。後日、記載した内容と異なることが判明した場合には、医療機関等または保険者からの連絡に応じ、医療費の精算等に協力します。',
    LEFT,
    y + 8,
    { size: BODY, width: WIDTH },
  );
  const line = { size: 10.5, width: WIDTH } as const;
  y = sheet.value('受診等の日　　令和　　　年　　　月　　　日', LEFT, y + 16, line);
  y = sheet.value('医療機関等の名称', LEFT, y + 14, line);
  sheet.rule(LEFT + 110, y, WIDTH - 110);
  y = sheet.value('署名', LEFT, y + 14, line);
  sheet.rule(LEFT + 110, y, WIDTH - 110);
  sheet.paragraph(
    `記号・番号等は${wareki(declaration.issuedOn)}時点の保険者の記録によりあらかじめ記入しています。■は記録による記入です。異なるときは訂正してください。マイナンバーカードとあわせて受付に提出してください。`,
    LEFT,
    y + 18,
    { size: 8.5, width: WIDTH, color: GREY },
  );
};
