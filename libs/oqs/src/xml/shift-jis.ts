/**
 * Node decodes Shift_JIS (Windows-31J) and does not encode it. This table is its decoder, turned round: what is written with it is read
 * back as it was.
 */
const build = (): ReadonlyMap<number, number> => {
  const decoder = new TextDecoder('shift_jis');
  const codes = new Map<number, number>();
  const add = (bytes: readonly number[], code: number): void => {
    const text = decoder.decode(Uint8Array.from(bytes));
    const character = text.codePointAt(0) ?? 0;
    const isOne = text.length === String.fromCodePoint(character).length;
    // Private use and what is not defined stay out. Of two writings of one character the first is Windows's, but for
    // the IBM characters that NEC had selected (rows ED and EE): there it is the later one (FA to FC).
    if (!isOne || character === 0xfffd || (character >= 0xe000 && character <= 0xf8ff)) return;
    if (!codes.has(character)) codes.set(character, code);
  };
  for (let byte = 0; byte < 0x100; byte += 1) if (byte < 0x80 || (byte >= 0xa1 && byte <= 0xdf)) add([byte], byte);
  const leads = [...range(0x81, 0x9f), ...range(0xe0, 0xec), ...range(0xfa, 0xfc), ...range(0xed, 0xee)];
  for (const lead of leads)
    for (const trail of [...range(0x40, 0x7e), ...range(0x80, 0xfc)]) add([lead, trail], lead * 0x100 + trail);
  return codes;
};

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** Characters that JIS X 0208 and Windows name by different code points: 〜 and ～ are one. */
const SAME: ReadonlyMap<number, number> = new Map([
  [0x301c, 0xff5e],
  [0x2016, 0x2225],
  [0x2212, 0xff0d],
  [0x2014, 0x2015],
  [0x00a2, 0xffe0],
  [0x00a3, 0xffe1],
  [0x00ac, 0xffe2],
  [0x00a5, 0xffe5],
  [0x00a6, 0xffe4],
]);

let table: ReadonlyMap<number, number> | undefined;

/** The one or two bytes of a character as a number; `undefined` where Shift_JIS does not have it. */
export const shiftJisCode = (codePoint: number): number | undefined => {
  table ??= build();
  return table.get(codePoint) ?? table.get(SAME.get(codePoint) ?? -1);
};

/** Every character must be one that Shift_JIS has. */
export const encodeShiftJis = (text: string): Buffer => {
  const bytes = Buffer.allocUnsafe(text.length * 2);
  let length = 0;
  for (const character of text) {
    const code = shiftJisCode(character.codePointAt(0) ?? 0);
    if (code === undefined) throw new RangeError('not a character of Shift_JIS');
    if (code >= 0x100) bytes[length++] = code >> 8;
    bytes[length++] = code & 0xff;
  }
  return bytes.subarray(0, length);
};
