import {
  canonicalInsurerNumber,
  checkIndividualNumber,
  inspectInstitutionCode,
  parseBranch,
  parseCertificateSerial,
  parseInstitutionCode,
  parseInsurerNumber,
  parseKoukiInsuredNumber,
  parsePayerNumber,
  parseRecipientNumber,
  recipientNumberOf,
} from './index.js';
import { isPrefectureCode } from './prefecture.js';

type Read = { readonly ok: boolean; readonly reason?: string; readonly detail?: string };

/** A right text, and what is said of every other: a sign before it, a sign after it, one too few, one too many. */
it.each<[string, (text: string) => Read, string, string]>([
  ['certificate serial', parseCertificateSerial, '1A2B3C4D', 'a certificate serial has 8 to 40 hexadecimal digits'],
  ['個人番号', checkIndividualNumber, '123456789018', 'an individual number has 12 digits'],
  ['医療機関コード', parseInstitutionCode, '3410712362', 'an institution code has 10 digits'],
  ['医療機関コード, inspected', inspectInstitutionCode, '3410712362', 'an institution code has 10 digits'],
  ['保険者番号', parseInsurerNumber, '06130488', 'an insurer number has 8 digits, or 6 for 国保'],
  ['保険者番号 of 国保', canonicalInsurerNumber, '123455', 'an insurer number has 8 digits, or 6 for 国保'],
  ['負担者番号', parsePayerNumber, '88138243', 'a payer number has 8 digits'],
  ['受給者番号', parseRecipientNumber, '0000018', 'a recipient number has 7 digits'],
  ['body of a 受給者番号', recipientNumberOf, '000001', 'the body of a recipient number has 6 digits'],
  ['後期 被保険者番号', parseKoukiInsuredNumber, '00000018', 'an insured number of 後期 has 8 digits'],
  ['枝番', parseBranch, '12', 'a branch number has two digits'],
])('%s', (_what, read, right, detail) => {
  expect(read(right).ok).toBe(true);
  for (const wrong of [`x${right}`, `${right}x`, '', `${right.slice(0, -1)}x`, `x${right.slice(1)}`]) {
    expect([wrong, read(wrong)]).toEqual([wrong, { ok: false, reason: 'format', detail }]);
  }
});

it.each([
  ['保険者番号', parseInsurerNumber('06130489'), 'check_digit', 'check digit is 9, expected 8'],
  ['保険者番号 of 国保', parseInsurerNumber('123456'), 'check_digit', 'check digit is 6, expected 5'],
  ['法別番号', parseInsurerNumber('99130015'), 'law_code', '99 is not the 法別番号 of an insurer'],
  ['prefecture of an insurer', parseInsurerNumber('01480011'), 'prefecture', '48 is not a prefecture'],
  ['医療機関コード', inspectInstitutionCode('3410712363'), 'check_digit', 'check digit is 3, expected 2'],
  ['点数表', inspectInstitutionCode('1350712368'), 'fee_table', '5 is not 点数表 1, 3, 4 or 6'],
  ['prefecture of an institution', inspectInstitutionCode('4810712366'), 'prefecture', '48 is not a prefecture'],
  ['負担者番号', parsePayerNumber('81136245'), 'check_digit', 'check digit is 5, expected 4'],
  ['法別番号 of an insurer', parsePayerNumber('06130488'), 'law_code', '06 is not a 法別番号 of public expense'],
  ['法別番号 of 後期', parsePayerNumber('39131156'), 'law_code', '39 is not a 法別番号 of public expense'],
  ['prefecture of a payer', parsePayerNumber('88488243'), 'prefecture', '48 is not a prefecture'],
  ['受給者番号', parseRecipientNumber('0000019'), 'check_digit', 'check digit is 9, expected 8'],
  ['後期 被保険者番号', parseKoukiInsuredNumber('00000019'), 'check_digit', 'check digit is 9, expected 8'],
  ['個人番号', checkIndividualNumber('123456789012'), 'check_digit', 'the check digit does not hold'],
  [
    'twelve zeros',
    checkIndividualNumber('000000000000', { refuseUniform: true }),
    'uniform',
    'twelve equal digits are nobody’s number',
  ],
])('%s is refused with these words', (_what, read, reason, detail) => {
  expect(read).toEqual({ ok: false, reason, detail });
});

it('refuses twelve equal digits only, where it refuses them', () => {
  expect(checkIndividualNumber('123456789018', { refuseUniform: true })).toEqual({ ok: true, value: true });
  expect(checkIndividualNumber('100000000080', { refuseUniform: true })).toEqual({ ok: true, value: true });
});

it.each([
  ['00', false],
  ['01', true],
  ['47', true],
  ['48', false],
  ['50', false],
  ['51', true],
  ['97', true],
  ['98', false],
  ['1', false],
  ['013', false],
  ['1x', false],
  [' 1', false],
])('prefecture %j: %s', (code, is) => {
  expect(isPrefectureCode(code)).toBe(is);
});

it.each([
  ['lower case', '1a2b3c4d', '1A2B3C4D'],
  ['spaces around', ' 1A2B3C4D ', '1A2B3C4D'],
  ['full width', '１Ａ２Ｂ３Ｃ４Ｄ', '1A2B3C4D'],
])('a certificate serial in %s', (_how, text, value) => {
  expect(parseCertificateSerial(text)).toEqual({ ok: true, value });
});
