import { randomFrom } from './random.mjs';

/**
 * Questions of several kinds at once, in given shares, about cards of a list. Bytes are made beforehand as in requests.mjs.
 *
 * @typedef {object} Ask
 * @property {string} name
 * @property {number} share of all questions; shares of a mix add up to 1
 * @property {'GET' | 'POST'} method
 * @property {string} path
 * @property {'known' | 'unknown' | 'none'} card known: one of the list; unknown: one that nobody has
 * @property {Record<string, unknown>} [body] of a POST; with a card, what comes beside it
 *
 * @typedef {{ serial: string, number: string }} Card with the number its answer must be about
 *
 * @typedef {object} Mix
 * @property {'mix'} kind
 * @property {readonly string[]} tokens
 * @property {readonly Ask[]} asks
 * @property {readonly Card[]} cards of people who are covered
 * @property {boolean} isEachKept whether the id of every check is told, and how each question fared: for rates up to some
 *   thousand a second. Otherwise one answer in a thousand is read whole
 */

const PLACEHOLDER = '0'.repeat(16);

/**
 * The kind of the next question, by its place among the asks.
 *
 * @param {import('./requests.mjs').Question} question
 * @param {number} seed
 * @returns {() => number}
 */
export const drawingKinds = (question, seed) => {
  if (question.kind !== 'mix') return () => 0;
  const random = randomFrom(seed + 2);
  let sum = 0;
  const limits = question.asks.map(({ share }) => (sum += share));
  return () => {
    const at = random() * sum;
    return limits.findIndex((limit) => at < limit);
  };
};

/**
 * @param {Mix} mix
 * @param {string} host
 * @param {number} connection
 * @param {() => number} nextNumber
 * @returns {ReturnType<typeof import('./requests.mjs').requestsOf>}
 */
export function mixedRequestsOf({ tokens, asks, cards }, host, connection, nextNumber) {
  const token = tokens[connection % tokens.length];
  const made = asks.map(({ method, path, card, body }) => {
    const text =
      method === 'GET'
        ? ''
        : JSON.stringify({ ...(card === 'none' ? {} : { card: { certificateSerial: PLACEHOLDER } }), ...body });
    const head = [
      `${method} ${path} HTTP/1.1`,
      `Host: ${host}`,
      'User-Agent: shikaku-chaos',
      'Accept: application/json',
      `Authorization: Bearer ${token}`,
      ...(method === 'GET' ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(text)}`]),
    ];
    const bytes = Buffer.from(`${head.join('\r\n')}\r\n\r\n${text}`, 'latin1');
    return { bytes, card, at: bytes.indexOf(`"${PLACEHOLDER}"`) + 1 };
  });
  let person = 0;
  return {
    next: (what) => {
      const { bytes, card, at } = /** @type {(typeof made)[number]} */ (made[what]);
      const number = nextNumber();
      person = number % Math.max(cards.length, 1);
      if (card === 'known') bytes.write(cards[person]?.serial ?? PLACEHOLDER, at, 'latin1');
      // The registry has nobody whose serial begins with D.
      else if (card === 'unknown') bytes.write(unknownSerial(number), at, 'latin1');
      return bytes;
    },
    person: () => person,
  };
}

/** @param {number} number below 2^32 */
const unknownSerial = (number) => `D${number.toString(16).toUpperCase().padStart(15, '0')}`;
