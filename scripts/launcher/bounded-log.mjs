import { closeSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

import { hasCode, messageOf } from './problem.mjs';

const limitBytes = 10 * 1024 * 1024;

/**
 * A log file that cannot grow without end: what it held is kept once as `<file>.1` and begun anew at every start and
 * whenever it passes ten megabytes. Written synchronously, so that the last line before a crash is there.
 */
export class BoundedLog {
  #fd;
  #bytes = 0;
  #tail = /** @type {string[]} */ ([]);
  #broken = false;

  /**
   * @param {string} path
   * @param {(text: string) => void} [complain] told once when the log cannot be written, so that a full disk is noticed
   */
  constructor(path, complain = () => {}) {
    this.path = path;
    this.complain = complain;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    this.#fd = this.#openAnew();
  }

  #openAnew() {
    try {
      if (statSync(this.path).size > 0) renameSync(this.path, `${this.path}.1`);
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw error;
    }
    this.#bytes = 0;
    return openSync(this.path, 'a', 0o600);
  }

  /** @param {Buffer | string} chunk */
  write(chunk) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    this.#remember(bytes.toString('utf8'));
    try {
      if (this.#bytes + bytes.length > limitBytes) {
        closeSync(this.#fd);
        this.#fd = this.#openAnew();
      }
      writeSync(this.#fd, bytes);
      this.#bytes += bytes.length;
    } catch (error) {
      // Losing a log line must not stop the service it is about; losing it silently would be as bad.
      if (!this.#broken) this.complain(`cannot write ${this.path}: ${messageOf(error)}`);
      this.#broken = true;
    }
  }

  /** @param {string} text */
  #remember(text) {
    this.#tail.push(...text.split('\n').filter((line) => line.trim() !== ''));
    this.#tail.splice(0, Math.max(0, this.#tail.length - 40));
  }

  /** The last lines written in this run, for a message about why something ended. */
  lastLines(count = 8) {
    return this.#tail.slice(-count);
  }

  close() {
    closeSync(this.#fd);
  }
}
