import { readXml } from './read-xml.js';
import { encodeShiftJis, shiftJisCode } from './shift-jis.js';

const message = (encoding: string | null, identifier: string): string =>
  `${encoding === null ? '' : `<?xml version="1.0" encoding="${encoding}" standalone="no"?>`}<XmlMsg><MessageHeader><MedicalInstitutionCode>1311111111</MedicalInstitutionCode><ArbitraryFileIdentifier>${identifier}</ArbitraryFileIdentifier></MessageHeader><MessageBody><ReceptionNumber>1</ReceptionNumber></MessageBody></XmlMsg>`;
const read = (bytes: Uint8Array): ReturnType<typeof readXml<'OQSmuquc02req'>> => readXml('OQSmuquc02req', bytes);
const identifierOf = (bytes: Uint8Array): string | undefined => {
  const reading = read(bytes);
  return reading.outcome === 'read' ? reading.message.MessageHeader.ArbitraryFileIdentifier : reading.outcome;
};

it.each([
  'Shift_JIS',
  'shift_jis',
  'SHIFT_JIS',
  'Shift-JIS',
  'SJIS',
  'x-sjis',
  'Windows-31J',
  'CP932',
  'MS932',
  'csShiftJIS',
])('declared %s is Shift_JIS as Windows has it', (label) => {
  expect(identifierOf(encodeShiftJis(message(label, '髙①㈱Ⅲ～－ｱ〜'.replace('〜', '～'))))).toBe('髙①㈱Ⅲ～－ｱ～');
});

it.each(['UTF-8', 'utf-8', 'utf8', null])('declared %s is UTF-8', (label) => {
  expect(identifierOf(Buffer.from(message(label, '髙𠮷①〜')))).toBe('髙𠮷①〜');
});

it('a byte order mark of UTF-8 decides', () => {
  expect(identifierOf(Buffer.from(`\ufeff${message('Shift_JIS', '見本')}`))).toBe('見本');
});

it('single quotes are quotes, too', () => {
  expect(identifierOf(encodeShiftJis(message('Shift_JIS', '見本').replaceAll('"', "'")))).toBe('見本');
});

it.each([
  ['EUC-JP', Buffer.from(message('EUC-JP', 'a'))],
  ['ISO-2022-JP', Buffer.from(message('ISO-2022-JP', 'a'))],
  ['UTF-16 with a mark', Buffer.from(`\ufeff${message('UTF-16', 'a')}`, 'utf16le')],
  ['UTF-16 without one', Buffer.from(message('UTF-16', 'a'), 'utf16le')],
])('%s is refused', (_what, bytes) => {
  expect(read(bytes)).toMatchObject({ outcome: 'malformed', fault: { code: 'encoding-unsupported' } });
});

it('bytes that are not UTF-8 though declared so are refused, with their place', () => {
  const bytes = encodeShiftJis(message('Shift_JIS', '見本')).toString('latin1').replace('Shift_JIS', 'UTF-8');
  const place = bytes.indexOf('<ArbitraryFileIdentifier>') + '<ArbitraryFileIdentifier>'.length + 1;
  expect(read(Buffer.from(bytes, 'latin1'))).toMatchObject({
    outcome: 'malformed',
    fault: { code: 'encoding-mismatch', position: { line: 1, column: place } },
  });
});

it('bytes of UTF-8 declared Shift_JIS are refused, not read as 隕区悽', () => {
  expect(read(Buffer.from(message('Shift_JIS', '見本')))).toMatchObject({
    outcome: 'malformed',
    fault: { code: 'encoding-mismatch', position: { line: 1, column: 1 } },
  });
});

it('ﾄｳ of Shift_JIS is also UTF-8, and believed', () => {
  const bytes = encodeShiftJis(message('Shift_JIS', 'ﾄｳ12'));
  expect(new TextDecoder('utf-8', { fatal: true }).decode(bytes)).toContain('ĳ12');
  expect(identifierOf(bytes)).toBe('ﾄｳ12');
});

it('half a surrogate pair in bytes is not UTF-8', () => {
  const bytes = Buffer.from(message('UTF-8', '??'));
  bytes.set([0xed, 0xa0, 0x80], bytes.indexOf('??') - 1);
  expect(read(bytes)).toMatchObject({ fault: { code: 'encoding-mismatch' } });
});

describe('the table of Shift_JIS', () => {
  it.each([
    ['髙', 0xfbfc],
    ['﨑', 0xfab1],
    ['①', 0x8740],
    ['Ⅲ', 0x8756],
    ['㈱', 0x878a],
    ['∪', 0x81be],
    ['～', 0x8160],
    ['－', 0x817c],
    ['ｱ', 0xb1],
    ['●', 0x819c],
    ['亜', 0x889f],
    ['A', 0x41],
  ])('%s is %i, as Windows writes it', (character, code) => {
    expect(shiftJisCode(character.codePointAt(0) ?? 0)).toBe(code);
  });

  it.each([
    ['〜', '～'],
    ['−', '－'],
    ['‖', '∥'],
    ['—', '―'],
    ['¥', '￥'],
  ])('%s is written as %s', (character, same) => {
    expect(encodeShiftJis(character)).toEqual(encodeShiftJis(same));
  });

  it.each(['𠮷', '剝', '😀', 'é', '\u0080', '\ufffd', '\ue000'])('%s is not in it', (character) => {
    expect(shiftJisCode(character.codePointAt(0) ?? 0)).toBeUndefined();
    expect(() => encodeShiftJis(character)).toThrow(RangeError);
  });

  it('gives back all that the decoder gives, but for private use and what is written twice', () => {
    const decoder = new TextDecoder('shift_jis');
    let characters = 0;
    for (let lead = 0x81; lead <= 0xfc; lead += 1)
      for (let trail = 0x40; trail <= 0xfc; trail += 1) {
        const text = decoder.decode(Uint8Array.of(lead, trail));
        if ([...text].length !== 1 || /[\ufffd\ue000-\uf8ff]/u.test(text)) continue;
        characters += 1;
        expect(decoder.decode(encodeShiftJis(text))).toBe(text);
      }
    expect(characters).toBeGreaterThan(7000);
  });
});
