import * as fc from 'fast-check';
import {
  canonicalInsurerNumber,
  checkDigit,
  checkIndividualNumber,
  individualNumberCheckDigit,
  inspectInstitutionCode,
  nearMisses,
  normaliseBranch,
  normaliseNumber,
  normaliseSymbol,
  parseBranch,
  parseCertificateSerial,
  parseInstitutionCode,
  parseInsurerNumber,
  parseKoukiInsuredNumber,
  parsePayerNumber,
  parseRecipientNumber,
  recipientNumberOf,
  schemeOfInsurer,
  toEightColumns,
} from './index.js';

const digits = (length: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((all) => all.join(''));

describe('保険者番号', () => {
  it('reproduces the ministry’s worked example: 0613048 gives 8', () => {
    expect(checkDigit('0613048')).toBe(8);
  });

  it.each([
    ['eight digits', '06130488', '06130488'],
    ['six digits', '123455', '123455'],
    ['six digits with spaces on the left', '  123455', '123455'],
    ['six digits, zero-padded', '00123455', '123455'],
    ['full-width digits', '０６１３０４８８', '06130488'],
  ])('is one number however it is written: %s', (_how, text, value) => {
    expect(parseInsurerNumber(text)).toEqual({ ok: true, value });
  });

  it.each([
    ['seven digits', '0613048', 'format'],
    ['a letter', '0613048A', 'format'],
    ['an unknown law', '99130015', 'law_code'],
    ['prefecture 48', '01480011', 'prefecture'],
    ['a wrong check digit', '06130489', 'check_digit'],
    ['a wrong check digit of 国保', '123456', 'check_digit'],
  ])('is refused: %s', (_why, text, reason) => {
    expect(parseInsurerNumber(text)).toMatchObject({ ok: false, reason });
  });

  it('keeps a number with a wrong check digit, for checks, which refuse none', () => {
    expect(canonicalInsurerNumber('06130489')).toEqual({ ok: true, value: '06130489' });
  });

  it.each([
    ['06130488', 'shaho'],
    ['01130012', 'shaho'],
    ['123455', 'kokuho'],
    ['39131156', 'kouki'],
    ['12130019', 'medical-aid'],
    ['99130015', 'unknown'],
  ])('%s belongs to %s', (text, scheme) => {
    const canonical = canonicalInsurerNumber(text);
    expect(canonical.ok && schemeOfInsurer(canonical.value)).toBe(scheme);
  });

  it('goes into eight columns with spaces', () => {
    const canonical = canonicalInsurerNumber('00123455');
    expect(canonical.ok && toEightColumns(canonical.value)).toBe('  123455');
  });

  it('names the near miss of swapped neighbours', () => {
    const right = (candidate: string): boolean => parseInsurerNumber(candidate).ok;
    expect(nearMisses('06310488', right)).toContainEqual({
      kind: 'swapped-neighbours',
      positions: [3, 4],
      candidate: '06130488',
    });
  });
});

it('finds every single wrong digit by the check digit', () => {
  fc.assert(
    fc.property(digits(7), fc.nat({ max: 7 }), fc.integer({ min: 1, max: 9 }), (body, at, shift) => {
      const number = `${body}${checkDigit(body)}`;
      const wrong = (Number(number[at]) + shift) % 10;
      const slip = `${number.slice(0, at)}${wrong}${number.slice(at + 1)}`;
      expect(parseKoukiInsuredNumber(number).ok).toBe(true);
      expect(parseKoukiInsuredNumber(slip)).toMatchObject({ ok: false, reason: 'check_digit' });
    }),
  );
});

describe('医療機関コード', () => {
  it.each([
    ['3410712362', 'medical'],
    ['1333001236', 'dental'],
    ['1344001233', 'pharmacy'],
  ])('%s is %s', (code, feeTable) => {
    expect(inspectInstitutionCode(code)).toMatchObject({ ok: true, value: { feeTable } });
  });

  it.each([
    ['3410712363', 'check_digit'],
    ['1350712368', 'fee_table'],
    ['4810712366', 'prefecture'],
    ['341071236', 'format'],
  ])('%s is refused by the validator for its %s', (code, reason) => {
    expect(inspectInstitutionCode(code)).toMatchObject({ ok: false, reason });
  });

  it.each(['3410712363', '1350712368', '4810712366'])('%s is accepted by a check all the same', (code) => {
    expect(parseInstitutionCode(code)).toEqual({ ok: true, value: code });
  });
});

describe('記号・番号・枝番', () => {
  it.each([
    ['１２－３４', '12-34'],
    ['12‐34', '12-34'],
    ['12−34', '12-34'],
    ['12ー34', '12-34'],
    ['12ｰ34', '12-34'],
    ['12―34', '12-34'],
    [' ａｂ 1 ', 'AB 1'],
    ['あいう', 'あいう'],
    ['サーバ', 'サーバ'],
  ])('%s is compared as %s', (text, normal) => {
    expect(normaliseSymbol(text)).toBe(normal);
    expect(normaliseNumber(text)).toBe(normal);
    expect(normaliseSymbol(normal)).toBe(normal);
  });

  it.each([
    ['1', '01'],
    ['０１', '01'],
    [' 12 ', '12'],
  ])('枝番 %s is %s', (text, branch) => {
    expect(normaliseBranch(text)).toBe(branch);
    expect(parseBranch(text)).toEqual({ ok: true, value: branch });
  });

  it.each(['001', 'A1', ''])('枝番 %j is refused', (text) => {
    expect(parseBranch(text)).toMatchObject({ ok: false, reason: 'format' });
  });
});

describe('the certificate serial', () => {
  it('is upper case', () => {
    expect(parseCertificateSerial(' 1a2b3c4d5e6f7081 ')).toEqual({ ok: true, value: '1A2B3C4D5E6F7081' });
  });

  it.each([
    ['seven digits', 'A'.repeat(7), false],
    ['eight digits', 'A'.repeat(8), true],
    ['forty digits', 'A'.repeat(40), true],
    ['forty-one digits', 'A'.repeat(41), false],
    ['a letter that is not hexadecimal', '1A2B3C4G', false],
  ])('of %s', (_which, text, ok) => {
    expect(parseCertificateSerial(text).ok).toBe(ok);
  });
});

describe('個人番号', () => {
  it.each(['123456789018', '983205673214', '100000000080'])('could be %s', (text) => {
    expect(checkIndividualNumber(text).ok).toBe(true);
  });

  it.each([
    ['123456789012', 'check_digit'],
    ['12345678901', 'format'],
  ])('is not %s, for its %s, and the refusal repeats no digit of it', (text, reason) => {
    const refusal = checkIndividualNumber(text);
    expect(refusal).toMatchObject({ ok: false, reason });
    expect(JSON.stringify(refusal)).not.toContain(text);
  });

  it('takes twelve zeros as arithmetic does, unless told otherwise', () => {
    expect(checkIndividualNumber('000000000000').ok).toBe(true);
    expect(checkIndividualNumber('000000000000', { refuseUniform: true })).toMatchObject({ reason: 'uniform' });
  });

  it('agrees with the formula of the order for any body', () => {
    fc.assert(
      fc.property(digits(11), (body) => {
        const sum = [...body].toReversed().reduce((all, p, i) => all + Number(p) * (i < 6 ? i + 2 : i - 4), 0);
        expect(individualNumberCheckDigit(body)).toBe(sum % 11 <= 1 ? 0 : 11 - (sum % 11));
      }),
    );
  });
});

describe('public expense', () => {
  it.each([
    ['88138243', { ok: true, value: { lawCode: '88', prefecture: '13' } }],
    ['12130019', { ok: true, value: { lawCode: '12' } }],
    ['81136245', { ok: false, reason: 'check_digit' }],
    ['06130488', { ok: false, reason: 'law_code' }],
    ['05130013', { ok: false, reason: 'law_code' }],
    ['88488243', { ok: false, reason: 'prefecture' }],
    ['8813824', { ok: false, reason: 'format' }],
  ])('payer number %s', (text, expected) => {
    expect(parsePayerNumber(text)).toMatchObject(expected);
  });

  it('gives a recipient number its check digit, and takes it back', () => {
    expect(recipientNumberOf('000001')).toEqual({ ok: true, value: '0000018' });
    expect(parseRecipientNumber('0000018').ok).toBe(true);
    expect(parseRecipientNumber('0000019')).toMatchObject({ reason: 'check_digit' });
  });
});
