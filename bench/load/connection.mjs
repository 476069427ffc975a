import net from 'node:net';

const READ_BYTES = 16 * 1024;
const HEAD_END = Buffer.from('\r\n\r\n', 'latin1');
const LAST = /\nconnection: close/i;
const RETRY_AFTER = /\nretry-after: (\d+)/i;

/**
 * @typedef {object} Reply
 * @property {number} status
 * @property {number} bytes of the body
 * @property {() => string} body its text; to be asked for at once
 * @property {() => number | undefined} retryAfterSeconds
 * @property {boolean} isLast the server closes the connection after it: nothing more may be asked on it
 */

/**
 * One HTTP/1.1 connection kept alive, one request at a time. Reads no more of a reply than its status and length, so that the
 * generator is not what is measured.
 */
export class Connection {
  isOpen = false;
  /** Whether a request is under way. */
  isBusy = false;
  #socket;
  /** What was read of a reply that is not whole yet. @type {Buffer | undefined} */
  #unfinished;
  #onReply;
  #onFailure;

  /**
   * @param {{ host: string, port: number }} to
   * @param {{ onOpen: () => void, onReply: (reply: Reply) => void, onFailure: (why: string) => void }} told
   *   a failure is the end of the connection
   */
  constructor({ host, port }, { onOpen, onReply, onFailure }) {
    this.#onReply = onReply;
    this.#onFailure = onFailure;
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    this.#socket = net.connect({
      host,
      port,
      noDelay: true,
      onread: {
        buffer,
        callback: (length) => {
          this.#read(buffer.subarray(0, length));
          return true;
        },
      },
    });
    this.#socket.on('connect', () => {
      this.isOpen = true;
      onOpen();
    });
    this.#socket.on('error', (error) => this.#fail('code' in error ? String(error.code) : error.message));
    this.#socket.on('close', () => this.#fail('closed'));
  }

  /** @param {Buffer} bytes */
  send(bytes) {
    this.isBusy = true;
    this.#socket.write(bytes);
  }

  /** Closed by us: nobody is told. */
  close() {
    this.#onFailure = () => {};
    this.#socket.destroy();
  }

  /** @param {string} why */
  #fail(why) {
    const tell = this.#onFailure;
    this.#onFailure = () => {};
    this.isOpen = false;
    this.#socket.destroy();
    tell(why);
  }

  /** @param {Buffer} chunk valid until this returns */
  #read(chunk) {
    const bytes = this.#unfinished === undefined ? chunk : Buffer.concat([this.#unfinished, chunk]);
    const headEnd = bytes.indexOf(HEAD_END);
    if (headEnd < 0) {
      this.#unfinished = Buffer.from(bytes);
      return;
    }
    const head = bytes.toString('latin1', 0, headEnd);
    const length = contentLength(head);
    if (length === undefined) {
      this.#fail('a reply without a length');
      return;
    }
    const bodyStart = headEnd + HEAD_END.length;
    if (bytes.length < bodyStart + length) {
      this.#unfinished = Buffer.from(bytes);
      return;
    }
    this.#unfinished = undefined;
    if (bytes.length > bodyStart + length || !this.isBusy) {
      this.#fail('more than was asked for');
      return;
    }
    this.isBusy = false;
    const status = digit(bytes, 9) * 100 + digit(bytes, 10) * 10 + digit(bytes, 11);
    this.#onReply({
      status,
      bytes: length,
      body: () => bytes.toString('utf8', bodyStart, bodyStart + length),
      retryAfterSeconds: () => {
        const seconds = RETRY_AFTER.exec(head)?.[1];
        return seconds === undefined ? undefined : Number(seconds);
      },
      isLast: LAST.test(head),
    });
  }
}

const ZERO = 48;
/**
 * @param {Buffer} bytes
 * @param {number} at
 */
const digit = (bytes, at) => (bytes[at] ?? 0) - ZERO;

/** @param {string} head */
function contentLength(head) {
  let at = head.indexOf('\nContent-Length: ');
  if (at < 0) at = head.indexOf('\ncontent-length: ');
  if (at < 0) return undefined;
  const length = Number.parseInt(head.slice(at + '\nContent-Length: '.length, at + 40), 10);
  return Number.isNaN(length) ? undefined : length;
}
