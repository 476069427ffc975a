import net from 'node:net';

/**
 * What a network does to those who talk through it:
 *
 * - `pass`: nothing.
 * - `delay`: every chunk comes `delayMs` later, in order, in both directions.
 * - `hang`: connections are accepted and stay open, and nothing comes through. What was sent meanwhile arrives when it is over,
 *   as TCP would send it again.
 * - `reset`: those that exist are reset, and so is each new one.
 * - `cut`: those that exist are closed, and nobody listens any more.
 *
 * @typedef {'pass' | 'delay' | 'hang' | 'reset' | 'cut'} Mode
 * @typedef {{ host: string, port: number } | { path: string }} Target
 */

/**
 * A proxy for any protocol on TCP. A fault is there at once, for connections that exist already too: pools that keep theirs
 * alive are the case that hurts.
 */
export class FaultProxy {
  #target;
  /** @type {net.Server | undefined} */
  #server;
  #port = 0;
  /** @type {Mode} */
  #mode = 'pass';
  #delayMs = 0;
  /** @type {Set<Link>} */
  #links = new Set();
  #accepted = 0;

  /** @param {Target} target */
  constructor(target) {
    this.#target = target;
  }

  /**
   * @param {Target} target
   * @returns {Promise<FaultProxy>} listening on 127.0.0.1
   */
  static async to(target) {
    const proxy = new FaultProxy(target);
    await proxy.#listen();
    return proxy;
  }

  get port() {
    return this.#port;
  }

  get mode() {
    return this.#mode;
  }

  /** Connections that were accepted so far, those that were reset included. */
  get accepted() {
    return this.#accepted;
  }

  /** Connections that are open. */
  get open() {
    return this.#links.size;
  }

  /**
   * Resolves when the fault is there.
   *
   * @param {Mode} mode
   * @param {{ delayMs?: number }} [how]
   */
  async set(mode, { delayMs = 0 } = {}) {
    this.#mode = mode;
    this.#delayMs = mode === 'delay' ? delayMs : 0;
    if (mode === 'cut') {
      const { promise, resolve } = Promise.withResolvers();
      if (this.#server === undefined) resolve(undefined);
      else this.#server.close(resolve);
      for (const link of this.#links) link.close();
      await promise;
      this.#server = undefined;
      return;
    }
    if (this.#server === undefined) await this.#listen();
    for (const link of this.#links) {
      if (mode === 'reset') link.reset();
      else link.turn(mode === 'hang', this.#delayMs);
    }
  }

  async close() {
    await this.set('cut');
  }

  /** @returns {Promise<void>} */
  #listen() {
    const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#accept(socket));
    this.#server = server;
    return new Promise((done, fail) => {
      server.once('error', fail);
      server.listen(this.#port, '127.0.0.1', () => {
        const address = server.address();
        if (typeof address === 'object' && address !== null) this.#port = address.port;
        done();
      });
    });
  }

  /** @param {net.Socket} socket */
  #accept(socket) {
    this.#accepted += 1;
    if (this.#mode === 'reset') {
      socket.on('error', () => {});
      socket.resetAndDestroy();
      return;
    }
    const link = new Link(socket, this.#target, () => this.#links.delete(link));
    this.#links.add(link);
    link.turn(this.#mode === 'hang', this.#delayMs);
  }
}

/** One connection and the one it leads to. */
class Link {
  #near;
  #target;
  #onEnd;
  /** @type {net.Socket | undefined} */
  #far;
  #isHanging = true;
  #delayMs = 0;
  /** @type {Direction[]} */
  #directions = [];

  /**
   * @param {net.Socket} near
   * @param {Target} target
   * @param {() => void} onEnd
   */
  constructor(near, target, onEnd) {
    this.#near = near;
    this.#target = target;
    this.#onEnd = onEnd;
    near.pause();
    near.on('error', () => this.close());
    near.on('close', () => this.close());
  }

  /**
   * @param {boolean} isHanging
   * @param {number} delayMs
   */
  turn(isHanging, delayMs) {
    this.#isHanging = isHanging;
    this.#delayMs = delayMs;
    if (!isHanging && this.#far === undefined) this.#connect();
    for (const direction of this.#directions) direction.turn(isHanging, delayMs);
  }

  #connect() {
    const far = net.connect({ ...this.#target, allowHalfOpen: true, noDelay: true });
    this.#far = far;
    far.on('error', () => this.close());
    far.on('close', () => this.close());
    this.#directions = [new Direction(this.#near, far), new Direction(far, this.#near)];
    for (const direction of this.#directions) direction.turn(this.#isHanging, this.#delayMs);
  }

  reset() {
    this.#near.resetAndDestroy();
    this.#far?.resetAndDestroy();
    this.#onEnd();
  }

  close() {
    this.#near.destroy();
    this.#far?.destroy();
    this.#onEnd();
  }
}

/** What goes one way. */
class Direction {
  #from;
  #to;
  /** What has come and is not due yet; null is the end. @type {{ chunk: Buffer | null, dueAt: number }[]} */
  #held = [];
  #isHanging = false;
  #delayMs = 0;

  /**
   * @param {net.Socket} from
   * @param {net.Socket} to
   */
  constructor(from, to) {
    this.#from = from;
    this.#to = to;
    from.on('data', (/** @type {Buffer} */ chunk) => this.#hold(chunk));
    from.on('end', () => this.#hold(null));
    to.on('drain', () => !this.#isHanging && from.resume());
  }

  /**
   * @param {boolean} isHanging
   * @param {number} delayMs
   */
  turn(isHanging, delayMs) {
    this.#isHanging = isHanging;
    this.#delayMs = delayMs;
    if (isHanging) this.#from.pause();
    else {
      this.#from.resume();
      this.#release();
    }
  }

  /** @param {Buffer | null} chunk */
  #hold(chunk) {
    this.#held.push({ chunk, dueAt: performance.now() + this.#delayMs });
    this.#release();
  }

  #release() {
    for (let next = this.#held[0]; next !== undefined && !this.#isHanging; next = this.#held[0]) {
      const waitMs = next.dueAt - performance.now();
      if (waitMs > 0) {
        setTimeout(() => this.#release(), Math.ceil(waitMs));
        return;
      }
      this.#held.shift();
      if (next.chunk === null) this.#to.end();
      else if (!this.#to.destroyed && !this.#to.write(next.chunk)) this.#from.pause();
    }
  }
}
