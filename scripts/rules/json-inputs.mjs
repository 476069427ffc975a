const newline = 0x0a;
const lineBytesMax = 64 * 1024 * 1024;
/** As long as an input can be while it may still be one object over several lines. */
const wholeBytesMax = 16 * 1024 * 1024;

/** @typedef {{ line: number, value?: unknown, fault?: string }} Input a value, or why there is none; lines count from 1 */

/**
 * The JSON values of a stream, as they come: one, which may span lines, or one a line (NDJSON). A line that is no JSON is a
 * fault, and the rest goes on. A byte order mark, CRLF and blank lines are passed over. Faults never quote what was read.
 *
 * The first line decides: when it is JSON by itself, every line is. When it is not, the whole is tried before its lines are.
 *
 * @param {AsyncIterable<Buffer>} stream
 * @returns {AsyncGenerator<Input[]>}
 */
export async function* jsonInputs(stream) {
  /** Lines kept back while they may turn out to be one value. @type {Line[] | undefined} */
  let kept;
  let keptBytes = 0;
  let begun = false;
  for await (const lines of linesOf(stream)) {
    const written = lines.filter((line) => !isBlank(line));
    const [first] = written;
    if (first === undefined) continue;
    if (!begun) {
      begun = true;
      if (read(first).fault !== undefined) kept = [];
    }
    if (kept === undefined) {
      yield written.map(read);
      continue;
    }
    kept.push(...written);
    for (const { bytes } of written) keptBytes += bytes?.length ?? wholeBytesMax;
    if (keptBytes < wholeBytesMax) continue;
    yield kept.map(read);
    kept = undefined;
  }
  const [first] = kept ?? [];
  if (kept === undefined || first === undefined) return;
  const parts = kept.flatMap(({ bytes }) => [bytes ?? Buffer.alloc(0), Buffer.of(newline)]);
  const whole = read({ number: first.number, bytes: Buffer.concat(parts) });
  yield whole.fault === undefined ? [whole] : kept.map(read);
}

/** @typedef {{ number: number, bytes: Buffer | undefined }} Line without its end; no bytes: longer than can be held */

/**
 * The lines that each chunk completes.
 *
 * @param {AsyncIterable<Buffer>} stream
 * @returns {AsyncGenerator<Line[]>}
 */
async function* linesOf(stream) {
  let number = 1;
  /** The beginning of a line whose end has not come, in the pieces in which it came. @type {Buffer[]} */
  let pieces = [];
  let length = 0;
  /** @param {Buffer} piece */
  const add = (piece) => {
    length += piece.length;
    if (length <= lineBytesMax) pieces.push(piece);
    else pieces = [];
  };
  const take = () => {
    const line = { number, bytes: length > lineBytesMax ? undefined : withoutMark(Buffer.concat(pieces), number) };
    number += 1;
    pieces = [];
    length = 0;
    return line;
  };
  for await (const chunk of stream) {
    /** @type {Line[]} */
    const lines = [];
    let from = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, from)) {
      add(chunk.subarray(from, end));
      lines.push(take());
      from = end + 1;
    }
    if (from < chunk.length) add(chunk.subarray(from));
    if (lines.length > 0) yield lines;
  }
  if (length > 0) yield [take()];
}

/**
 * @param {Buffer} bytes
 * @param {number} number
 */
function withoutMark(bytes, number) {
  return number === 1 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** @param {Line} line */
function isBlank({ bytes }) {
  return bytes !== undefined && bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * @param {Line} line
 * @returns {Input}
 */
function read({ number, bytes }) {
  if (bytes === undefined) return { line: number, fault: 'longer than 64 MiB' };
  /** @type {string} */
  let text;
  try {
    text = utf8.decode(bytes);
  } catch {
    return { line: number, fault: 'not UTF-8' };
  }
  try {
    return { line: number, value: JSON.parse(text) };
  } catch {
    return { line: number, fault: 'not JSON' };
  }
}
