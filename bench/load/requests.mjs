import { SERIAL_CHARACTERS, writeSerial } from '../serials.mjs';
import { mixedRequestsOf } from './mix.mjs';
import { randomFrom } from './random.mjs';

/**
 * What is asked, as bytes made beforehand: a check writes 16 digits into them and nothing else.
 *
 * @typedef {{ kind: 'check', path: string, tokens: readonly string[], people: People, isAnsweredForPerson: boolean }
 *   | { kind: 'get', path: string } | import('./mix.mjs').Mix} Question
 *   isAnsweredForPerson: whether an answer must be about the person asked about; a comparator answers always the same
 *
 * @typedef {{ kind: 'any', size: number } | { kind: 'each-once', size: number, from: number } | { kind: 'few', size: number, few: number, from: number }} People
 *   any: drawn uniformly, so that nothing is helped by locality. each-once: nobody is asked about twice (`from` on). few:
 *   drawn from a few, all of whom were asked about a moment ago.
 */

const CONSENTS = [
  { limitApplicationCertificate: true, specificDiseases: true },
  { limitApplicationCertificate: false, specificDiseases: false },
];

/**
 * @param {Question} question
 * @param {number} seed
 * @returns {() => number} the next person, from 1; of a mix, any number, which the request makes a card of
 */
export const drawingPeople = (question, seed) => {
  if (question.kind === 'get') return () => 0;
  if (question.kind === 'check') return drawing(question.people, seed);
  const random = randomFrom(seed);
  return () => Math.floor(random() * 2 ** 32);
};

/**
 * @param {People} people
 * @param {number} seed
 */
export const drawing = (people, seed) => {
  const random = randomFrom(seed);
  switch (people.kind) {
    case 'any':
      return () => 1 + Math.floor(random() * people.size);
    case 'each-once': {
      let next = people.from;
      return () => 1 + (next++ % people.size);
    }
    case 'few':
      return () => 1 + ((people.from + Math.floor(random() * people.few)) % people.size);
  }
};

/**
 * Requests of one connection. The bytes are used again for the next question: whoever gets them has sent them before asking
 * for others.
 *
 * @param {Question} question
 * @param {string} host
 * @param {number} connection its number: connections share the tokens evenly
 * @param {() => number} nextPerson
 * @returns {{ next: (what: number) => Buffer, person: () => number }} what is asked, of a mix (see drawingKinds); the person or
 *   card it was about
 */
export function requestsOf(question, host, connection, nextPerson) {
  if (question.kind === 'mix') return mixedRequestsOf(question, host, connection, nextPerson);
  if (question.kind === 'get') {
    const bytes = Buffer.from(`GET ${question.path} HTTP/1.1\r\nHost: ${host}\r\nAccept: */*\r\n\r\n`, 'latin1');
    return { next: () => bytes, person: () => 0 };
  }
  const { path, tokens } = question;
  const token = tokens[connection % tokens.length];
  const placeholder = '0'.repeat(SERIAL_CHARACTERS);
  const requests = CONSENTS.map((consent) => {
    const body = JSON.stringify({ card: { certificateSerial: placeholder }, consent });
    const head = [
      `POST ${path} HTTP/1.1`,
      `Host: ${host}`,
      'User-Agent: shikaku-bench',
      'Accept: application/json',
      'Content-Type: application/json',
      `Authorization: Bearer ${token}`,
      `Content-Length: ${body.length}`,
    ];
    const bytes = Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`, 'latin1');
    return { bytes, at: bytes.indexOf(`"${placeholder}"`) + 1 };
  });
  let turn = connection;
  let person = 0;
  return {
    next: () => {
      turn += 1;
      const { bytes, at } = /** @type {(typeof requests)[number]} */ (requests[turn & 1]);
      person = nextPerson();
      writeSerial(bytes, at, person);
      return bytes;
    },
    person: () => person,
  };
}
