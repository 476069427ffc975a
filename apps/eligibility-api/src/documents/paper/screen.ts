import type { QualificationScreen } from '@app/contracts';

import { A4, GREY, INK, PALE, type Row, type Sheet } from './sheet.js';
import { NOTHING, rateDays, wareki, wari } from './words.js';

/** A telephone's screen in the middle of the page. */
const WIDTH = 330;
const LEFT = (A4.width - WIDTH) / 2;
const INNER = { x: LEFT + 22, width: WIDTH - 44 };
const HEADER = '#0b4f8a';
const WHITE = '#ffffff';

const savedAt = (instant: string): string => `${wareki(instant.slice(0, 10))} ${instant.slice(11, 16)} 時点`;

const rows = (screen: QualificationScreen): readonly Row[] => [
  ['保険者名', screen.insurerName],
  ['保険者番号', screen.insurerNumber],
  ['記号', screen.insuredCardSymbol ?? NOTHING],
  ['番号', screen.insuredIdentificationNumber],
  ['枝番', screen.insuredBranchNumber ?? NOTHING],
  ['氏名', screen.name],
  ['フリガナ', screen.nameKana],
];

const rateRows = ({ copay }: QualificationScreen): readonly Row[] => [
  ['一部負担金割合', copay === undefined ? NOTHING : wari(copay)],
  ['有効期間', (copay === undefined ? undefined : rateDays(copay)) ?? NOTHING],
];

/** 資格情報画面 in the manner of マイナポータル, as it looks when it has been saved. */
export const drawScreen = (sheet: Sheet, screen: QualificationScreen): void => {
  const top = 54;
  sheet.box(LEFT, top, WIDTH, 580, { radius: 16, line: GREY });
  sheet.box(LEFT, top + 26, WIDTH, 40, { fill: HEADER, line: HEADER });
  sheet.value('医療保険の資格情報', LEFT, top + 27, {
    size: 15,
    width: WIDTH,
    height: 38,
    align: 'center',
    color: WHITE,
    bold: true,
  });
  let y = sheet.paragraph(
    'この画面のみでは受診できません。マイナ保険証とあわせて医療機関等の受付で提示してください。',
    INNER.x,
    top + 82,
    { size: 10, width: INNER.width, color: INK, bold: true },
  );
  y = sheet.value(`保存日時：${savedAt(screen.savedAt)}`, INNER.x, y + 8, {
    size: 9.5,
    width: INNER.width,
    color: GREY,
  });
  const table = { width: INNER.width, labelWidth: 92, rowHeight: 30, size: 11 };
  y = sheet.table(rows(screen), INNER.x, y + 8, table);
  sheet.box(INNER.x, y + 16, INNER.width, 24, { fill: PALE, line: PALE });
  y = sheet.value('70歳以上の方又は後期高齢者医療の加入者', INNER.x + 8, y + 16, {
    size: 9.5,
    width: INNER.width - 16,
    height: 24,
    bold: true,
  });
  y = sheet.table(rateRows(screen), INNER.x, y, { ...table, size: 9.5 });
  sheet.paragraph(
    '（注）マイナ保険証の読み取りができない例外的な場合については、この画面または保存したPDFファイルを、マイナ保険証とあわせて医療機関等の受付で提示することで受診できます。',
    INNER.x,
    y + 14,
    { size: 9, width: INNER.width },
  );
};
