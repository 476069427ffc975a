/** Digits as bytes, in the ways in which somebody may have written them down. */
const writtenAs = (digits: string): Readonly<Record<string, Buffer>> => {
  const grouped = (by: string): string => digits.match(/.{4}/g)?.join(by) ?? digits;
  const wide = digits.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));
  const number = Buffer.alloc(8);
  number.writeBigUInt64BE(BigInt(digits));
  const utf16 = Buffer.from(digits, 'utf16le');
  return {
    plain: Buffer.from(digits),
    reversed: Buffer.from([...digits].toReversed().join('')),
    'grouped by spaces': Buffer.from(grouped(' ')),
    'grouped by hyphens': Buffer.from(grouped('-')),
    'full width': Buffer.from(wide),
    'full width, grouped': Buffer.from(wide.match(/.{4}/gu)?.join('　') ?? wide),
    'full width in Shift_JIS': Buffer.from([...digits].flatMap((digit) => [0x82, 0x4f + Number(digit)])),
    'UTF-16 LE': utf16,
    'UTF-16 BE': Buffer.from(utf16).swap16(),
    'packed decimal': Buffer.from(digits, 'hex'),
    'a number, big end first': number,
    'a number, little end first': Buffer.from(number).swap64(),
  };
};

/** What is left of base64 of something in the middle of other bytes: the characters that those others have no part in. */
const inBase64 = (bytes: Buffer): readonly string[] =>
  [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replaceAll('=', '');
    return text.slice(Math.ceil((before * 4) / 3), Math.floor(((before + bytes.length) * 4) / 3));
  });

/** And the bytes as the texts that they travel in, one character a byte. */
const asTexts = (bytes: Buffer): Readonly<Record<string, readonly string[]>> => {
  const units = [...bytes.toString('utf8')];
  const percent = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  return {
    'as they are': [bytes.toString('latin1')],
    'in hexadecimal': [bytes.toString('hex'), bytes.toString('hex').toUpperCase()],
    'in base64': inBase64(bytes),
    'in base64url': inBase64(bytes).map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    'percent-escaped': [percent, percent.toUpperCase()],
    'escaped as in JSON': [
      units.map((unit) => `\\u${(unit.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`).join(''),
    ],
  };
};

/** A way of writing a number, and what to look for, one character a byte. */
export interface Spelling {
  readonly how: string;
  readonly text: string;
}

/** Every way of writing an individual number that a sweep looks for. */
export const spellingsOf = (digits: string): readonly Spelling[] => {
  const all = Object.entries(writtenAs(digits)).flatMap(([written, bytes]) =>
    Object.entries(asTexts(bytes)).flatMap(([travels, texts]) =>
      texts.map((text) => ({ how: `${written}, ${travels}`, text })),
    ),
  );
  // Two ways may come to the same: the one that was named first is told.
  return [...new Map(all.toReversed().map((one) => [one.text, one])).values()].toReversed();
};
