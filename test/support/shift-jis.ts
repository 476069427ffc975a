const decoder = new TextDecoder('shift_jis', { fatal: true });

/** Every character of Shift_JIS as Windows has it, from the decoder: there is no encoder. The first of several bytes that mean one is taken. */
const CODES: ReadonlyMap<string, readonly number[]> = (() => {
  const codes = new Map<string, readonly number[]>();
  const add = (...bytes: number[]): void => {
    try {
      const text = decoder.decode(Uint8Array.from(bytes));
      if ([...text].length === 1 && !codes.has(text)) codes.set(text, bytes);
    } catch {
      // No character has these bytes.
    }
  };
  for (let byte = 0; byte < 0x100; byte += 1) add(byte);
  for (let lead = 0x81; lead < 0xfd; lead += 1) for (let trail = 0x40; trail < 0xfd; trail += 1) add(lead, trail);
  return codes;
})();

/** Text in Shift_JIS. Throws where a character is not in it. */
export const shiftJis = (text: string): Buffer =>
  Buffer.from(
    [...text].flatMap((character) => {
      const code = CODES.get(character);
      if (code === undefined) throw new Error(`${character} is not in Shift_JIS`);
      return code;
    }),
  );
