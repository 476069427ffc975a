import { readXml, writeXml } from '../index.js';
import { readClipboard, type ClipboardReading } from './read-clipboard.js';

const TAKEN_OVER = { institutionCode: '1311111111', at: '20260701093015', fileIdentifier: 'copied-1' };

/** As the app writes it: label, tab, value, CRLF. The person is invented. */
const TEXT = [
  '資格情報',
  '確認日 : \t2026-07-01',
  '保険者番号\t06139995',
  '保険者名\t見本健康保険組合',
  '記号\t７８－９',
  '番号\t１２０',
  '枝番\t01',
  'フリガナ\tミホン ガロウ',
  '氏名\t見本　画郎',
  '生年月日\t昭和60年4月1日',
  '性別\t男',
  '証区分\t被保険者証（一般）',
  '有効開始日\t2024-04-01',
  '有効終了日\t',
  '資格取得年月日\t2024-04-01',
  '負担割合\t',
  '本人・家族の別\t家族',
  '被保険者氏名\t見本　文子',
  '裏面記載情報',
  '氏名\t見本　通称',
  '氏名カナ\tミホン ツウショウ',
  '性別\t女',
  '高齢受給者証',
  '有効開始日\t令和8年4月1日',
  '有効終了日\t令和8年7月31日',
  '負担割合\t２割',
  '',
].join('\r\n');

const read = (text: string): ClipboardReading => readClipboard(text, TAKEN_OVER);
const resultOf = (text: string): Record<string, unknown> => {
  const reading = read(text);
  if (reading.outcome !== 'read') throw new Error(JSON.stringify(reading));
  return { ...reading.message.MessageBody.ResultList?.ResultOfQualificationConfirmation?.[0] };
};
const without = (label: string): string =>
  TEXT.split('\r\n')
    .filter((line) => !line.startsWith(label))
    .join('\r\n');
const withLine = (label: string, line: string): string =>
  TEXT.split('\r\n')
    .map((one) => (one.startsWith(`${label}\t`) ? line : one))
    .join('\r\n');

it('the text of the app becomes a face message, section by section', () => {
  const reading = read(TEXT);
  expect(reading).toEqual({
    outcome: 'read',
    unknown: [],
    message: {
      MessageHeader: {
        ProcessExecutionTime: '20260701093015',
        QualificationConfirmationDate: '20260701',
        MedicalInstitutionCode: '1311111111',
        ArbitraryFileIdentifier: 'copied-1',
        ReferenceClassification: '1',
        SegmentOfResult: '1',
      },
      MessageBody: {
        ProcessingResultStatus: '1',
        QualificationValidity: '1',
        ResultList: {
          ResultOfQualificationConfirmation: [
            {
              InsuredCardClassification: '01',
              InsurerNumber: '06139995',
              InsuredCardSymbol: '７８－９',
              InsuredIdentificationNumber: '１２０',
              InsuredBranchNumber: '01',
              PersonalFamilyClassification: '2',
              InsuredName: '見本　文子',
              Name: '見本　画郎',
              NameOfOther: '見本　通称',
              NameKana: 'ﾐﾎﾝ ｶﾞﾛｳ',
              NameOfOtherKana: 'ﾐﾎﾝ ﾂｳｼｮｳ',
              Sex1: '1',
              Sex2: '2',
              Birthdate: '19850401',
              QualificationDate: '20240401',
              InsuredCardValidDate: '20240401',
              InsurerName: '見本健康保険組合',
              ElderlyRecipientCertificateInfo: {
                ElderlyRecipientValidStartDate: '20260401',
                ElderlyRecipientValidEndDate: '20260731',
                ElderlyRecipientContributionRatio: '020',
              },
              LimitApplicationCertificateRelatedConsFlg: undefined,
            },
          ],
        },
      },
    },
  });
});

it('the message that comes of it is written and read like any other', () => {
  const reading = read(TEXT);
  if (reading.outcome !== 'read') throw new Error('not read');
  const { bytes, replaced } = writeXml('OQSsiquc01res_face', reading.message);
  expect(replaced).toEqual([]);
  expect(readXml('OQSsiquc01res_face', bytes)).toMatchObject({ outcome: 'read', unknown: [] });
});

it.each([
  ['line feeds alone', TEXT.replaceAll('\r\n', '\n')],
  ['carriage returns alone', TEXT.replaceAll('\r\n', '\r')],
  ['a byte order mark', `\ufeff${TEXT}`],
  ['empty lines before and between', `\r\n\r\n${TEXT.replaceAll('\r\n', '\r\n\r\n')}`],
  ['colons for tabs', TEXT.replaceAll(' : \t', '\t').replaceAll('\t', '：')],
  ['several blanks for tabs', TEXT.replaceAll('\t', '   ')],
  ['one blank for a tab', TEXT.replaceAll('\t', ' ')],
  ['blanks around', TEXT.replaceAll('\r\n', '　\r\n ')],
  ['half-width kana in a label', TEXT.replaceAll('フリガナ', 'ﾌﾘｶﾞﾅ')],
  [
    'the headings of the later app',
    TEXT.replace('資格情報', '資格情報(医療保険)').replace('記載情報', '記載情報（医療保険）'),
  ],
])('%s change nothing', (_what, text) => {
  expect(resultOf(text)).toEqual(resultOf(TEXT));
});

it.each([
  ['生年月日\t1985-04-01', '19850401'],
  ['生年月日\t1985/4/1', '19850401'],
  ['生年月日\t１９８５年４月１日', '19850401'],
  ['生年月日\t平成元年1月8日', '19890108'],
  ['生年月日\t昭和64年1月7日', '19890107'],
  ['生年月日\t令和元年5月1日', '20190501'],
])('%s', (line, digits) => {
  expect(resultOf(withLine('生年月日', line))['Birthdate']).toBe(digits);
});

it.each([
  ['生年月日', '生年月日\t昭和64年1月8日', 'format', 10],
  ['生年月日', '生年月日\t2026-02-30', 'format', 10],
  ['性別', '性別\t？', 'format', 11],
  ['証区分', '証区分\t何か', 'format', 12],
])('%s: %s is refused, with its line and without its value', (_label, line, code, at) => {
  const reading = read(line.startsWith('性別') ? TEXT.replace('性別\t男', line) : withLine(_label, line));
  expect(reading).toMatchObject({ outcome: 'faulty', faults: [{ code, position: { line: at } }] });
  expect(JSON.stringify(reading)).not.toContain(line.split('\t')[1]);
});

it.each(['枝番', '記号', 'フリガナ', '本人・家族の別', '被保険者氏名', '負担割合'])('%s may be missing', (label) => {
  expect(read(without(label)).outcome).toBe('read');
});

it.each(['確認日', '保険者番号', '保険者名', '生年月日', '証区分'])('%s may not', (label) => {
  expect(read(without(label))).toMatchObject({ outcome: 'faulty', faults: [{ code: 'missing' }] });
});

it('what stands in no list is kept aside', () => {
  const reading = read(`${TEXT}\r\n新しい項目\t値`);
  expect(reading).toMatchObject({ outcome: 'read', unknown: [{ path: '新しい項目', text: '値' }] });
});

it('two values for one element are not chosen between', () => {
  expect(read(TEXT.replace('枝番\t01', '枝番\t01\r\n枝番\t02'))).toMatchObject({
    outcome: 'faulty',
    faults: [{ code: 'repeated', position: { line: 8 } }],
  });
});

it('the 限度額 certificate has a section of its own', () => {
  const text = `${TEXT}限度額適用・標準負担額減額認定証\r\n適用区分\t区分オ\r\n有効開始年月日\t2025-08-01\r\n有効終了年月日\t2026-07-31\r\n`;
  expect(resultOf(text)).toMatchObject({
    LimitApplicationCertificateRelatedConsFlg: '1',
    LimitApplicationCertificateRelatedInfo: {
      LimitApplicationCertificateClassification: '02',
      LimitApplicationCertificateClassificationFlag: 'A05',
      LimitApplicationCertificateValidStartDate: '20250801',
      LimitApplicationCertificateValidEndDate: '20260731',
    },
  });
});

it.each([
  ['on its last day', '有効終了日\t2026-07-01', '1'],
  ['the day after', '有効終了日\t2026-06-30', '2'],
])('coverage that ends is valid %s', (_when, line, validity) => {
  const reading = read(TEXT.replace('有効終了日\t\r\n', `${line}\r\n`));
  expect(reading).toMatchObject({ message: { MessageBody: { QualificationValidity: validity } } });
});

it.each([
  ['the day before it begins', '2026-07-02', '2'],
  ['the day it begins', '2026-07-01', '1'],
])('coverage is valid %s: %s', (_when, begins, validity) => {
  const reading = read(withLine('有効開始日', `有効開始日\t${begins}`));
  expect(reading.outcome === 'read' && reading.message.MessageBody.QualificationValidity).toBe(validity);
});

it.each(['', 'なにか\tほかの文章', '<xml/>'])('%j is not the text of the app', (text) => {
  expect(read(text)).toMatchObject({ outcome: 'malformed', fault: { code: 'not-a-message' } });
});
