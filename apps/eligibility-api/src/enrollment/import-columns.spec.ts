import { shiftJis } from '../../../../test/support/shift-jis.js';
import { readHeader, textReader } from './import-columns.js';

const NEEDED = 'kind,qualificationDate,name,nameKana,birthdate,sex1,insuredIdentificationNumber';
const utf8 = (text: string): Buffer => Buffer.from(text);

describe('the first line of an import', () => {
  it.each([
    ['English names', utf8(`${NEEDED}\nrow`), 'utf-8'],
    ['behind a byte order mark', utf8(`\uFEFF${NEEDED}\r\nrow`), 'utf-8'],
    ['in quotes and with spaces', utf8(`"kind", qualificationDate ,name,nameKana,birthdate,sex1,番号\n`), 'utf-8'],
    ['Japanese names', shiftJis('届出区分,資格取得年月日,氏名,カナ氏名,生年月日,性別,番号\r\nrow'), 'shift_jis'],
  ] as const)('%s', (_, bytes, encoding) => {
    const header = readHeader(bytes, encoding);
    expect(header).toMatchObject({ columns: NEEDED.split(','), lines: 1 });
    expect('bytes' in header && bytes[header.bytes - 1]).toBe(0x0a);
  });

  it('every column has both names', () => {
    const english = `${NEEDED},address,postNumber,nameOfOther,insuredCardSymbol,insuredBranchNumber,insuredName,standardMonthlyRemuneration`;
    const japanese =
      '届出区分,資格取得年月日,氏名,カナ氏名,生年月日,性別,番号,住所,郵便番号,通称名,記号,枝番,被保険者氏名,標準報酬月額';
    expect(readHeader(utf8(japanese), 'utf-8')).toMatchObject({ columns: english.split(',') });
    expect(readHeader(utf8(english), 'utf-8')).toMatchObject({ columns: english.split(',') });
  });

  it.each([
    ['an unknown column', utf8(`${NEEDED},給与`), 'utf-8', '/columns/7 unknown-field'],
    ['an empty one', utf8(`${NEEDED},`), 'utf-8', '/columns/7 unknown-field'],
    ['a repeated one', utf8(`${NEEDED},name`), 'utf-8', '/columns/7 unique'],
    ['a repeated one under its other name', utf8(`${NEEDED},氏名`), 'utf-8', '/columns/7 unique'],
    ['a missing one', utf8(NEEDED.replace(',sex1', '')), 'utf-8', '/columns required'],
    ['quotes that do not fit', utf8(`"${NEEDED}`), 'utf-8', '/columns quotes'],
    [
      'Shift_JIS that was declared UTF-8',
      shiftJis(NEEDED.replace('name,', '氏名,')),
      'utf-8',
      '/columns/2 unknown-field',
    ],
    ['UTF-8 that was declared Shift_JIS', utf8(`${NEEDED}\nacquisition,2026-11-20,取込`), 'shift_jis', ' encoding'],
  ] as const)('%s refuses the file', (_, bytes, encoding, first) => {
    const header = readHeader(bytes, encoding);
    const [error] = 'errors' in header ? header.errors : [];
    expect(`${error?.pointer} ${error?.code}`).toBe(first);
    expect(JSON.stringify(header)).not.toMatch(/給与|氏名/);
  });
});

describe('text of a cell', () => {
  it.each([
    ['①', '8740'],
    ['髙', 'fbfc'],
    ['﨑', 'ed95'],
    ['～', '8160'],
    ['－', '817c'],
    ['ｶﾀｶﾅﾞ', 'b6c0b6c5de'],
    ['\uE000', 'f040'],
    [undefined, '83'],
    [undefined, 'a0'],
    [undefined, 'fd'],
    [undefined, '8120'],
  ])('%j is %s in Shift_JIS', (text, hex) => {
    expect(textReader('shift_jis')(Buffer.from(hex, 'hex'))).toBe(text);
  });

  it.each([
    ['山𠮷', 'e5b1b1f0a0aeb7'],
    [undefined, 'e5b1'],
    [undefined, 'eda080'],
    [undefined, 'c0af'],
    [undefined, '8740'],
    ['\uFEFF', 'efbbbf'],
  ])('%j is %s in UTF-8', (text, hex) => {
    expect(textReader('utf-8')(Buffer.from(hex, 'hex'))).toBe(text);
  });
});
