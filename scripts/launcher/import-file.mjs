import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';

import { readRow } from '../../apps/eligibility-api/src/enrollment/csv-rows.ts';
import { Problem } from './problem.mjs';

/** Half of what the office takes at once. */
const PART_BYTES_MAX = 4 * 1024 * 1024;
const LOOK_EVERY_MS = 250;
/** An office that is away or says "later" is asked again so often, a second apart or as long as it says. */
const TRIES_MAX = 60;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * @typedef {object} Part
 * @property {Buffer} bytes The first line of the file, and some of its rows.
 * @property {number} lineOffset What to add to a line of the part to have the line of the file.
 * @property {number} end Byte of the file at which it ends.
 */

/**
 * The file in parts that end where rows do, each under the file's first line. Holds one part and one chunk at a time.
 *
 * @param {AsyncIterable<Buffer>} chunks
 * @param {number} bytesMax
 * @returns {AsyncGenerator<Part, void>}
 */
async function* partsOf(chunks, bytesMax) {
  /** @type {Buffer | undefined} */
  let header;
  let headerLines = 0;
  /** Whole rows of the part. @type {Buffer[]} */
  let pieces = [];
  let size = 0;
  let line = 1;
  let firstLine = 1;
  let end = 0;
  let rest = Buffer.alloc(0);

  /** @returns {Part} */
  const part = () => {
    const bytes = Buffer.concat([/** @type {Buffer} */ (header), ...pieces]);
    const made = { bytes, lineOffset: firstLine - headerLines - 1, end };
    pieces = [];
    size = 0;
    firstLine = line;
    return made;
  };
  /** @param {boolean} isAll */
  const takeRows = function* (isAll) {
    let at = 0;
    while (at < rest.length) {
      const isMarked = header === undefined && rest.subarray(0, 3).equals(BYTE_ORDER_MARK);
      const row = readRow(rest, isMarked ? BYTE_ORDER_MARK.length : at, isAll);
      if (row.kind === 'more') break;
      const bytes = rest.subarray(at, row.end);
      if (header === undefined) {
        // What is wrong with it the office says.
        header = endingWithALineEnd(bytes);
        headerLines = row.lines;
        firstLine = 1 + row.lines;
      } else {
        if (size > 0 && header.length + size + bytes.length > bytesMax) yield part();
        pieces.push(bytes);
        size += bytes.length;
      }
      end += bytes.length;
      line += row.lines;
      at = row.end;
    }
    rest = rest.subarray(at);
  };
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, chunk]);
    yield* takeRows(false);
  }
  yield* takeRows(true);
  header ??= Buffer.alloc(0);
  if (size > 0 || end === header.length || end === 0) yield part();
}

/** @param {Buffer} bytes */
const endingWithALineEnd = (bytes) => (bytes.at(-1) === 0x0a ? bytes : Buffer.concat([bytes, Buffer.from('\n')]));

/**
 * Files what is in a CSV file, a part after the other. Repeating it within 24 hours files nothing twice: each part has a key made of the
 * whole file and its place.
 *
 * @param {object} options
 * @param {string} options.path
 * @param {string} options.encoding utf-8 or shift_jis
 * @param {string} options.officeUrl
 * @param {() => Promise<string>} options.token Gives an access token that is good for some minutes.
 * @param {(done: { share: number, rows: number, filed: number, refused: number }) => void} options.progress share: of the file, 0 to 1
 * @param {(row: { line: number, errors: { pointer: string, code: string, detail: string }[] }) => void} options.refused Told of each row that
 *   was refused, with its line in the file.
 * @param {number} [options.partBytesMax]
 * @returns {Promise<{ rows: number, filed: number, refused: number, parts: number }>}
 */
export async function importFile({
  path,
  encoding,
  officeUrl,
  token,
  progress,
  refused,
  partBytesMax = PART_BYTES_MAX,
}) {
  const { digest, bytes: fileBytes } = await digestOf(path);
  const ask = asker(officeUrl, token);
  const total = { rows: 0, filed: 0, refused: 0, parts: 0 };
  let begin = 0;
  for await (const { bytes, lineOffset, end } of partsOf(createReadStream(path), partBytesMax)) {
    const { importId } = await ask('/v1/enrollment-imports', {
      method: 'POST',
      headers: {
        'content-type': `text/csv; charset=${encoding}`,
        'idempotency-key': `import-${digest}-${encoding}-${partBytesMax}-${total.parts}`,
      },
      body: new Uint8Array(bytes),
    }).then(json);
    // How far an import is counts in rows, and a file in bytes: all rows are taken to be as long as those of this part.
    const rowsOfPart = Math.max(1, countOf(bytes, 0x0a) - 1);
    for (;;) {
      const { state, counts } = await ask(`/v1/enrollment-imports/${importId}`).then(json);
      const done = state === 'finished' ? 1 : Math.min(1, counts.rows / rowsOfPart);
      progress({
        share: fileBytes === 0 ? 1 : (begin + done * (end - begin)) / fileBytes,
        rows: total.rows + counts.rows,
        filed: total.filed + counts.filed,
        refused: total.refused + counts.refused,
      });
      if (state === 'finished') {
        total.rows += counts.rows;
        total.filed += counts.filed;
        total.refused += counts.refused;
        if (counts.refused > 0) await tellRefused(ask, importId, lineOffset, refused);
        break;
      }
      await setTimeout(LOOK_EVERY_MS);
    }
    total.parts += 1;
    begin = end;
  }
  return total;
}

/** @param {string} path */
async function digestOf(path) {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path)) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { digest: hash.digest('hex'), bytes };
}

/** @param {Buffer} bytes @param {number} byte */
function countOf(bytes, byte) {
  let count = 0;
  for (let at = bytes.indexOf(byte); at >= 0; at = bytes.indexOf(byte, at + 1)) count += 1;
  return count;
}

/**
 * @param {(path: string) => Promise<Response>} ask
 * @param {string} importId
 * @param {number} lineOffset
 * @param {(row: any) => void} refused
 */
async function tellRefused(ask, importId, lineOffset, refused) {
  const { body } = await ask(`/v1/enrollment-imports/${importId}/rows`);
  if (body === null) throw new Problem('The office gave no rows.');
  for await (const line of createInterface({ input: Readable.fromWeb(/** @type {any} */ (body)) })) {
    const row = JSON.parse(line);
    if (row.errors !== undefined) refused({ line: row.line + lineOffset, errors: row.errors });
  }
}

/** @param {Response} response @returns {Promise<any>} */
const json = (response) => response.json();

/**
 * Asks the office, and again where it is away or says "later". A token ends after ten minutes, and another is fetched.
 *
 * @param {string} officeUrl
 * @param {() => Promise<string>} token
 * @returns {(path: string, init?: RequestInit & { headers?: Record<string, string> }) => Promise<Response>}
 */
function asker(officeUrl, token) {
  /** @type {string | undefined} */
  let known;
  return async (path, init = {}) => {
    for (let tries = 1; ; tries += 1) {
      known ??= await token();
      /** @type {Response | undefined} */
      const response = await fetch(`${officeUrl}${path}`, {
        ...init,
        headers: { ...init.headers, authorization: `Bearer ${known}` },
      }).catch(() => undefined);
      if (response?.ok) return response;
      if (tries >= TRIES_MAX)
        throw new Problem(`${officeUrl} does not answer. Run the command again: it goes on where it was.`);
      if (response?.status === 401 && tries === 1) known = undefined;
      else if (response === undefined || response.status === 429 || response.status === 503)
        await setTimeout(1000 * Number(response?.headers.get('retry-after') ?? 1));
      else throw await refusal(response);
    }
  };
}

/** @param {Response} response */
async function refusal(response) {
  const { code, title, errors = [] } = await json(response);
  const words = errors.map(
    (/** @type {{ pointer: string, detail: string }} */ { pointer, detail }) => `\n  ${pointer}: ${detail}`,
  );
  return new Problem(`The office refused the file (${response.status} ${code}): ${title}.${words.join('')}`);
}
