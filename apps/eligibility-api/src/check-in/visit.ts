import type { Socket } from 'node:net';

import type { Because } from '../limits/admission.js';
import { QuotaExceeded } from '../limits/quota-exceeded.js';
import type { Quota } from '../limits/quotas.js';
import type { Reply } from '../metrics/reply-metrics.js';
import { asClinic, type Clinic, type CorridorTools } from './corridor.js';
import type { FrontDoor } from './front-door.js';
import type { Given } from './given.js';
import { headOf, type ReplyFields } from './reply-bytes.js';
import { readHead, startsWith, type KnownHead } from './request-bytes.js';

/** A head and a small body; whoever sends more is not asking the ordinary question. */
const REQUEST_BYTES_MAX = 16 * 1024;
const HEAD_END = '\r\n\r\n';
/** Remembered of one connection, of a kilobyte each. */
const HEADS_MAX = 4;

const TURNED_AWAY: Reply = { method: 'POST', route: '/v1/eligibility-checks', status: 503 };

/** A request that is whole, from somebody who may ask. */
export interface Waiting {
  readonly visit: Visit;
  readonly head: KnownHead;
  readonly clinic: Clinic;
  readonly bytes: Buffer;
  readonly startedAt: number;
}

interface Leaving {
  /** To Node's own listener. */
  readonly over: () => void;
  readonly ended: () => void;
}

/** One connection, as long as nothing but ordinary checks arrives on it. */
export class Visit {
  /** The last heads, since a caller's requests differ in their bodies: in their lengths at most. */
  private heads: readonly KnownHead[] = [];
  /** Of a request that is not whole, or that came before the reply to the one before. */
  private kept: Buffer | undefined;
  private isBusy = false;
  private isEnding = false;
  private isOver = false;
  /** Was turned away, and is not read from. */
  private isResting = false;
  private quota: Quota | undefined;
  private since = performance.now();

  constructor(
    private readonly socket: Socket,
    private readonly door: FrontDoor,
    readonly tools: CorridorTools,
    private readonly fields: ReplyFields,
    private readonly leaving: Leaving,
  ) {
    socket.on('data', this.arrived);
    socket.on('end', this.ended);
    socket.on('error', this.failed);
    socket.on('drain', this.drained);
    socket.on('close', leaving.ended);
  }

  /** Ends what nobody has used for long, and leaves to Node's own timers what does not get finished. */
  sweep(now: number, { idleMs, unfinishedMs }: { idleMs: number; unfinishedMs: number }): void {
    if (this.isBusy || this.isResting) return;
    if (this.kept !== undefined) {
      if (now - this.since > unfinishedMs) this.handOver();
    } else if (now - this.since > idleMs) this.socket.destroy();
  }

  /** Ends an idle connection; one that is being answered ends with its reply. */
  leave(): void {
    if (this.isBusy) this.isEnding = true;
    else if (this.kept === undefined) this.socket.destroySoon();
    else this.handOver();
  }

  private readonly arrived = (bytes: Buffer): void => {
    const all = this.kept === undefined ? bytes : Buffer.concat([this.kept, bytes]);
    if (this.isBusy) {
      // Sent before the reply to the last: its turn comes.
      this.kept = all;
      this.socket.pause();
    } else this.take(all);
  };

  private readonly ended = (): void => {
    if (this.isBusy) this.isEnding = true;
    else this.socket.end();
  };

  private readonly failed = (): void => {
    this.socket.destroy();
  };

  private readonly drained = (): void => {
    if (!this.isBusy && !this.isResting) this.socket.resume();
  };

  private take(bytes: Buffer): void {
    const startedAt = performance.now();
    // Of a request that comes in pieces the first one counts: a byte now and then would keep a connection for ever.
    if (this.kept === undefined) this.since = startedAt;
    this.kept = bytes;
    const head = this.headOf(bytes);
    if (head === 'unfinished') return;
    if (head === undefined) {
      this.handOver();
      return;
    }
    const from = head.bytes.length;
    const to = from + head.contentLength;
    if (bytes.length < to) return;
    if (bytes.length > to) {
      this.handOver();
      return;
    }
    if (this.door.isFull) {
      this.kept = undefined;
      this.turnAway('ordinary', 'turn');
      return;
    }
    const { corridor } = this.door.parts;
    const clinic = corridor.clinicOf(head);
    if (clinic === undefined) void this.introduce(head, bytes, startedAt);
    else this.answer(head, clinic, bytes, startedAt);
  }

  private headOf(bytes: Buffer): KnownHead | 'unfinished' | undefined {
    for (const head of this.heads) if (startsWith(bytes, head)) return head;
    const end = bytes.indexOf(HEAD_END, 0, 'latin1');
    if (end < 0) return bytes.length < REQUEST_BYTES_MAX ? 'unfinished' : undefined;
    const head = readHead(bytes.subarray(0, end + HEAD_END.length));
    if (head !== undefined) this.heads = [head, ...this.heads.slice(0, HEADS_MAX - 1)];
    return head;
  }

  /** A token that was not seen before. Who it does not vouch for is told so by the ordinary way. */
  private async introduce(head: KnownHead, bytes: Buffer, startedAt: number): Promise<void> {
    const { admission, bearer } = this.door.parts;
    const because = admission.refuses('worked-out');
    if (because !== undefined) {
      this.kept = undefined;
      this.turnAway('worked-out', because);
      return;
    }
    this.isBusy = true;
    admission.begin();
    const { authorization } = head;
    const caller = await bearer.authenticate({ headers: { authorization } }).catch(() => undefined);
    admission.end();
    this.isBusy = false;
    const clinic = typeof caller === 'object' ? asClinic(caller) : undefined;
    if (clinic === undefined) this.handOver();
    else this.answer(head, clinic, bytes, startedAt);
  }

  /** With all others of this turn. */
  private answer(head: KnownHead, clinic: Clinic, bytes: Buffer, startedAt: number): void {
    const { quota } = clinic;
    this.quota = quota;
    if (quota !== undefined && !quota.take(startedAt)) {
      this.taken({ bytes });
      this.refuse(new QuotaExceeded(quota), startedAt, true);
      return;
    }
    this.isBusy = true;
    this.door.enqueue({ visit: this, head, clinic, bytes, startedAt });
  }

  /** What has arrived since then is the next request. */
  taken({ bytes }: Pick<Waiting, 'bytes'>): void {
    this.kept = this.kept === bytes ? undefined : this.kept?.subarray(bytes.length);
  }

  reply(given: Given, startedAt: number): void {
    const { body } = given;
    this.send(
      `HTTP/1.1 200 OK\r\ncache-control: no-store\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${body.length}${this.limitFields}${this.fields.common(this.isLast)}${body}`,
    );
    this.door.parts.corridor.answered(given, startedAt, this.tools);
  }

  /** `rests`: there was too much, so that this connection is not read from for a while. */
  refuse(error: unknown, startedAt: number, rests = false): void {
    const { status, headers, body } = this.door.parts.corridor.refusal(error, startedAt, this.tools);
    const bytes = Buffer.from(body).toString('latin1');
    const head = headOf({ status, headers: { ...headers, 'content-length': String(bytes.length) } });
    this.send(`${head}${this.fields.common(this.isLast)}${bytes}`, rests);
  }

  /** Refuses with bytes that are there already, before anybody has looked at what is asked. */
  turnAway(what: 'worked-out' | 'ordinary', because: Because): void {
    const { admission, refusals } = this.door.parts;
    admission.shed(what, because);
    this.tools.count(TURNED_AWAY, 0);
    this.send(this.door.turnedAway.of(refusals.of('overloaded'), this.fields.common(this.isLast)), true);
  }

  /** What is left of the caller's quota, where that is worth a word. */
  private get limitFields(): string {
    const fields = this.quota?.fields;
    return fields === undefined ? '' : `\r\nratelimit-policy: ${fields.policy}\r\nratelimit: ${fields.limit}`;
  }

  /** Nothing more is answered on this connection. What was sent ahead of a reply is answered first. */
  private get isLast(): boolean {
    return this.isEnding || (this.door.closing && this.kept === undefined);
  }

  /** One write, and what came in the meantime. `text` has one character for each byte. */
  private send(text: string, rests = false): void {
    const { socket, isLast } = this;
    this.isBusy = false;
    this.since = performance.now();
    const hasRoom = socket.write(text, 'latin1');
    // Not a mere end: a caller who never ends their side would keep a server that closes waiting.
    if (isLast) socket.destroySoon();
    else if (rests) this.rest();
    else if (this.kept !== undefined) this.take(this.kept);
    if (this.isOver) return;
    // Whoever does not read their replies gets no more of them.
    if (!hasRoom) socket.pause();
    else if (socket.isPaused() && !this.isBusy && !this.isResting) socket.resume();
  }

  private rest(): void {
    this.isResting = true;
    this.socket.pause();
    this.door.parts.rests.rest(this.rested);
  }

  private readonly rested = (): void => {
    this.isResting = false;
    if (this.isOver || this.socket.destroyed) return;
    if (this.kept !== undefined) this.take(this.kept);
    if (this.isOver || this.isBusy || this.isResting) return;
    this.socket.resume();
  };

  /** With what is unread, to Node's own listener: it finds the connection as if nobody had looked. */
  handOver(): void {
    const { socket, kept } = this;
    this.isOver = true;
    this.leaving.ended();
    socket.off('data', this.arrived);
    socket.off('end', this.ended);
    socket.off('error', this.failed);
    socket.off('drain', this.drained);
    socket.off('close', this.leaving.ended);
    this.kept = undefined;
    socket.pause();
    if (kept !== undefined) socket.unshift(kept);
    this.leaving.over();
    socket.resume();
  }
}
