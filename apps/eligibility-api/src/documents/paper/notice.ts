import type { QualificationNotice } from '@app/contracts';

import { A4, CARD, GREY, INK, PALE, type Row, type Sheet } from './sheet.js';
import { FAMILY, NOTHING, rateDays, wareki, wari } from './words.js';

const LEFT = 54;
const WIDTH = A4.width - 2 * LEFT;
const BODY = 9.5;

const TITLES = {
  'with-last-four-digits': '資格情報のお知らせと個人番号（マイナンバー）確認のお願い',
  'without-digits': '資格情報のお知らせ',
} as const satisfies Record<QualificationNotice['version'], string>;

/** To whom it goes, and who sends it. */
const address = (sheet: Sheet, notice: QualificationNotice): void => {
  sheet.value(`（種別）${FAMILY[notice.personalFamilyClassification] ?? NOTHING}様`, LEFT, 44, { size: 9, width: 220 });
  sheet.value(`${notice.name}　様`, LEFT, 64, { size: 14, width: 260 });
  const right = { size: 9, width: 220, align: 'right' } as const;
  const x = A4.width - LEFT - right.width;
  sheet.value(wareki(notice.issuedOn), x, 44, right);
  sheet.value(notice.insurerName, x, 64, { ...right, size: 11 });
  sheet.value(`（保険者番号）${notice.insurerNumber}`, x, 80, right);
};

const numberOf = ({
  insuredCardSymbol = NOTHING,
  insuredIdentificationNumber,
  insuredBranchNumber = NOTHING,
}: QualificationNotice): string =>
  `記号 ${insuredCardSymbol}　番号 ${insuredIdentificationNumber}　（枝番）${insuredBranchNumber}`;

const rows = (notice: QualificationNotice): readonly Row[] => {
  const days = rateDays(notice.copay);
  return [
    ['記号・番号', numberOf(notice)],
    ['氏名', notice.name],
    ['フリガナ', notice.nameKana],
    ['負担割合', wari(notice.copay)],
    ...(days === undefined ? [] : ([['負担割合の有効期間', days]] as const)),
    ['資格取得年月日', wareki(notice.qualificationDate)],
    ['保険者名', notice.insurerName],
  ];
};

/** What is asked of who got the notice of August 2024. Twelve digits, of which four are shown. */
const confirmation = (sheet: Sheet, lastFour: string, y: number): number => {
  const below = sheet.paragraph(
    'なお、現在、医療保険のデータベースに登録されているあなたの個人番号（マイナンバー）は次のとおりですのでご確認ください（12桁のうち下4桁のみ表示）。表示されている下4桁の数字が、ご自分の個人番号（マイナンバー）の下4桁と一致していない場合には、保険者までご連絡ください。',
    LEFT,
    y,
    { size: BODY, width: WIDTH },
  );
  const width = 190;
  const x = (A4.width - width) / 2;
  sheet.box(x, below + 6, width, 24, { line: INK });
  return sheet.value(`**** **** ${lastFour}`, x, below + 7, {
    size: 14,
    width,
    height: 22,
    align: 'center',
    bold: true,
  });
};

/** The card in the lower right corner, to be cut out. */
const cutOut = (sheet: Sheet, notice: QualificationNotice): void => {
  const x = A4.width - LEFT - CARD.width;
  const y = A4.height - 44 - CARD.height;
  sheet.paragraph(
    '右を切り取ってご利用いただくこともできます。\n（このお知らせのみでは受診できません）',
    LEFT,
    y + 52,
    {
      size: 9,
      width: WIDTH - CARD.width - 24,
    },
  );
  sheet.paragraph('切り取り線', x, y - 13, { size: 7, width: CARD.width, align: 'right', color: GREY });
  sheet.cut(x, y, CARD.width, CARD.height);

  const inner = { x: x + 12, width: CARD.width - 24 };
  sheet.value('資格情報のお知らせ', inner.x, y + 8, { size: 10, width: 110, bold: true });
  const right = { size: 7, width: 104, align: 'right' } as const;
  sheet.value(notice.insurerName, inner.x + inner.width - right.width, y + 7, right);
  sheet.value(`（保険者番号）${notice.insurerNumber}`, inner.x + inner.width - right.width, y + 17, right);
  sheet.rule(inner.x, y + 30, inner.width);

  const days = rateDays(notice.copay);
  const lines: readonly (readonly [text: string, size: number])[] = [
    [numberOf(notice), 8],
    [`氏名　${notice.name}`, 11],
    [`フリガナ　${notice.nameKana}`, 7],
    [`負担割合　${wari(notice.copay)}`, 9],
    ...(days === undefined ? [] : ([[`有効期間　${days}`, 7]] as const)),
  ];
  let top = y + 36;
  for (const [text, size] of lines)
    top = sheet.value(text, inner.x, top, { size, width: inner.width, height: days === undefined ? 21 : 17.5 });
  sheet.box(x, y + CARD.height - 22, CARD.width, 22, { fill: PALE, line: PALE });
  sheet.value('受診の際にはマイナ保険証があわせて必要です', x, y + CARD.height - 21, {
    size: 8.5,
    width: CARD.width,
    height: 20,
    align: 'center',
    bold: true,
  });
  sheet.cut(x, y, CARD.width, CARD.height);
};

/** 資格情報のお知らせ on one page, in either version, with its QR code and the card to cut out. */
export const drawNotice = (sheet: Sheet, notice: QualificationNotice): void => {
  address(sheet, notice);
  let y = sheet.value(TITLES[notice.version], LEFT, 118, { size: 15, width: WIDTH, align: 'center', bold: true });
  y = sheet.paragraph(
    `あなたの加入する健康保険の資格情報を下記のとおりお知らせします（${wareki(notice.issuedOn)}時点）。\nなお、このお知らせのみでは受診できません。`,
    LEFT,
    y + 12,
    { size: BODY, width: WIDTH },
  );
  y = sheet.table(rows(notice), LEFT, y + 8, {
    width: WIDTH,
    labelWidth: 120,
    // Room for what is asked of who is shown the digits.
    rowHeight: notice.individualNumberLastFour === undefined ? 23 : 20,
    size: 10.5,
  });
  y = sheet.paragraph(
    'スマートフォンをお持ちの方は、以下の二次元コードからマイナポータルにログインすることで、ご自身の健康保険の資格情報を確認することができます。ぜひご利用ください。',
    LEFT,
    y + 12,
    { size: BODY, width: WIDTH },
  );
  const code = 84;
  y = sheet.paragraph('－ マイナポータルへのアクセス・ダウンロードはこちら －', LEFT, y + 6, {
    size: 8.5,
    width: WIDTH,
    align: 'center',
  });
  sheet.qr(notice.mynaportalUrl, (A4.width - code) / 2, y, code);
  y = sheet.value(notice.mynaportalUrl, LEFT, y + code - 4, { size: 7.5, width: WIDTH, align: 'center', color: GREY });
  y = sheet.paragraph(
    'マイナ保険証の読み取りができない例外的な場合については、スマートフォンの資格情報画面をマイナ保険証とともに医療機関等の受付で提示することができます（スマートフォンをお持ちでない方は、この文書をマイナ保険証とともに医療機関等の受付で提示することができます）。',
    LEFT,
    y + 8,
    { size: BODY, width: WIDTH },
  );
  if (notice.individualNumberLastFour !== undefined) confirmation(sheet, notice.individualNumberLastFour, y + 6);
  cutOut(sheet, notice);
};
