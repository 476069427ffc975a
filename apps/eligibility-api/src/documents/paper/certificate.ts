import type { QualificationCertificate } from '@app/contracts';

import { A4, CARD, GREY, PALE, type Row, type Sheet } from './sheet.js';
import { FAMILY, NOTHING, rateDays, SEX, wareki, wari } from './words.js';

const LEFT = 54;
const WIDTH = A4.width - 2 * LEFT;
const BODY = 10;

/** The scheme by its name, before that of the document. */
const SCHEMES: Readonly<Record<string, string>> = {
  shaho: '健康保険',
  kokuho: '国民健康保険',
  kouki: '後期高齢者医療',
};

const BASES: Readonly<Record<QualificationCertificate['basis'], string>> = {
  'ex-officio': '申請によらず交付（職権による交付）',
  'on-application': '申請による交付',
};

/** 後期 has one number, and neither symbol nor branch. */
const numberOf = ({
  scheme,
  insuredCardSymbol = NOTHING,
  insuredIdentificationNumber,
  insuredBranchNumber = NOTHING,
}: QualificationCertificate): string =>
  scheme === 'kouki'
    ? `被保険者番号　${insuredIdentificationNumber}`
    : `記号　${insuredCardSymbol}　　番号　${insuredIdentificationNumber}　（枝番）${insuredBranchNumber}`;

const shownOnCard = (certificate: QualificationCertificate): readonly string[] => {
  const { copay } = certificate;
  const days = copay === undefined ? undefined : rateDays(copay);
  return [
    `生年月日　${wareki(certificate.birthdate)}　　性別　${SEX[certificate.sex1] ?? NOTHING}`,
    numberOf(certificate),
    `資格取得年月日　${wareki(certificate.qualificationDate)}`,
    ...(copay === undefined ? [] : [`一部負担金の割合　${wari(copay)}${days === undefined ? '' : `（${days}）`}`]),
    ...(certificate.insuredName === undefined ? [] : [`被保険者氏名　${certificate.insuredName}`]),
    `保険者番号　${certificate.insurerNumber}　　${certificate.insurerName}`,
  ];
};

const card = (sheet: Sheet, certificate: QualificationCertificate, x: number, y: number): void => {
  sheet.cut(x, y, CARD.width, CARD.height);
  sheet.box(x + 4, y + 4, CARD.width - 8, CARD.height - 8, { radius: 6 });
  const left = x + 13;
  const width = CARD.width - 26;
  sheet.value(`${SCHEMES[certificate.scheme] ?? NOTHING}　資格確認書`, left, y + 9, {
    size: 9.5,
    width: 128,
    bold: true,
  });
  sheet.value(FAMILY[certificate.personalFamilyClassification]?.replace('ご', '') ?? NOTHING, left + 130, y + 9, {
    size: 7,
    width: width - 130,
    align: 'right',
  });
  sheet.value(`有効期限　${wareki(certificate.validTo)}`, left, y + 23, { size: 8.5, width: 130, bold: true });
  sheet.value(`${wareki(certificate.issuedOn)} 交付`, left + 112, y + 23, {
    size: 7,
    width: width - 112,
    align: 'right',
  });
  sheet.rule(left, y + 37, width);
  sheet.value(certificate.nameKana, left, y + 39, { size: 6, width, color: GREY });
  let top = sheet.value(certificate.name, left, y + 47, { size: 12, width, height: 17, bold: true });
  const lines = shownOnCard(certificate);
  const height = (y + CARD.height - 9 - top) / lines.length;
  for (const line of lines) top = sheet.value(line, left, top, { size: 7, width, height });
};

const conditions = ({ validTo }: QualificationCertificate): readonly string[] => [
  '医療機関等で受診するときは、この資格確認書を受付で提示してください。資格確認書だけで保険診療を受けることができます。',
  `有効期限は${wareki(validTo)}です。有効期限を過ぎた資格確認書は使用できません。`,
  '有効期限内に、退職などで資格を失ったとき、または被扶養者でなくなったときは、この資格確認書を保険者に返納してください。',
  '有効期限が切れた資格確認書は返納不要です。ご自身で破棄してください。',
  '記載内容に誤りがあるときは、保険者までご連絡ください。',
];

/** 資格確認書 on one page: what it is, the card to cut out, and what its holder owes. */
export const drawCertificate = (sheet: Sheet, certificate: QualificationCertificate): void => {
  sheet.value(`${certificate.name}　様`, LEFT, 54, { size: 14, width: 260 });
  const right = { size: 9, width: 220, align: 'right' } as const;
  const x = A4.width - LEFT - right.width;
  sheet.value(wareki(certificate.issuedOn), x, 44, right);
  sheet.value(certificate.insurerName, x, 62, { ...right, size: 11 });
  sheet.value(`（保険者番号）${certificate.insurerNumber}`, x, 78, right);

  let y = sheet.value('資格確認書の交付について', LEFT, 120, { size: 16, width: WIDTH, align: 'center', bold: true });
  y = sheet.paragraph('医療保険の資格確認書を下記のとおり交付します。切り取ってご利用ください。', LEFT, y + 14, {
    size: BODY,
    width: WIDTH,
  });
  const rows: readonly Row[] = [
    ['交付の区分', BASES[certificate.basis]],
    ['有効期間', `${wareki(certificate.validFrom)} から ${wareki(certificate.validTo)} まで`],
  ];
  y = sheet.table(rows, LEFT, y + 10, { width: WIDTH, labelWidth: 120, rowHeight: 24, size: 10.5 });
  sheet.paragraph('切り取り線', (A4.width - CARD.width) / 2, y + 18, {
    size: 7,
    width: CARD.width,
    align: 'right',
    color: GREY,
  });
  card(sheet, certificate, (A4.width - CARD.width) / 2, y + 31);
  y += 31 + CARD.height + 28;
  sheet.box(LEFT, y, WIDTH, 20, { fill: PALE, line: PALE });
  y = sheet.value('お使いになるとき', LEFT + 8, y, { size: 10.5, width: WIDTH, height: 20, bold: true });
  conditions(certificate).forEach((text, i) => {
    sheet.value(`${i + 1}`, LEFT + 4, y + 8, { size: BODY, width: 16 });
    y = sheet.paragraph(text, LEFT + 22, y + 8, { size: BODY, width: WIDTH - 26 });
  });
};
