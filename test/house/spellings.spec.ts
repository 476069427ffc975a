import { spellingsOf } from '../support/spellings.js';

const DIGITS = '983205673214';
const texts = spellingsOf(DIGITS).map(({ text }) => text);
const holds = (bytes: Buffer): boolean => texts.some((text) => bytes.toString('latin1').includes(text));

it.each<[string, Buffer]>([
  ['as it is', Buffer.from(`x${DIGITS}x`)],
  ['backwards', Buffer.from('412376502389')],
  ['grouped', Buffer.from('9832 0567 3214')],
  ['with hyphens', Buffer.from('9832-0567-3214')],
  ['in full width', Buffer.from('９８３２０５６７３２１４')],
  ['in full width and Shift_JIS', Buffer.from('8258825782528251824f8254825582568252825182508253', 'hex')],
  ['in UTF-16', Buffer.from(DIGITS, 'utf16le')],
  ['in hexadecimal', Buffer.from('393833323035363733323134')],
  ['in base64, after nothing', Buffer.from(Buffer.from(DIGITS).toString('base64'))],
  ['in base64, after one byte', Buffer.from(Buffer.from(`x${DIGITS}y`).toString('base64'))],
  ['in base64, after two', Buffer.from(Buffer.from(`xx${DIGITS}yy`).toString('base64'))],
  ['in full width and base64url', Buffer.from(Buffer.from('あ９８３２０５６７３２１４い').toString('base64url'))],
  ['percent-escaped in full width', Buffer.from(encodeURIComponent('９８３２０５６７３２１４'))],
  [
    'escaped in JSON',
    Buffer.from(String.raw`\uff19\uff18\uff13\uff12\uff10\uff15\uff16\uff17\uff13\uff12\uff11\uff14`),
  ],
  ['packed', Buffer.from('00983205673214ff', 'hex')],
  ['as a number in hexadecimal', Buffer.from('000000e4eb9ff8fe')],
])('a number is found %s', (_how, bytes) => {
  expect(holds(bytes)).toBe(true);
});

it('another number is not', () => {
  expect(holds(Buffer.from(`983205673215 ${Buffer.from('123456789018').toString('base64')}`))).toBe(false);
});

it('nothing that is looked for is so short that it is found by chance', () => {
  for (const text of texts) expect(text.length).toBeGreaterThanOrEqual(6);
});
