import { BULK_MAX_BYTES, SINGLE_MAX_BYTES } from '@app/oqs';
import { lstat, mkdir, readdir } from 'node:fs/promises';
import { watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { DeskUnreachable, type Desk, type Outgoing } from '../desk.js';
import { InOrder, type InTurn } from './in-order.js';
import { Publisher, type WriteStyle } from './publisher.js';
import { errorName, requestName, type RequestName } from './request-names.js';
import { lookAt, sameState, stampOf, type Stamp } from './settled-file.js';
import { TakenRequests } from './taken-requests.js';

const BYTES_MAX = { single: SINGLE_MAX_BYTES, bulk: BULK_MAX_BYTES } as const;
/** Requests in hand at a time. Most of the time of a single one is the pause between the creation of its result and the writing. */
const AT_ONCE = { single: 256, bulk: 2 } as const;
/** Statuses of files read at a time. */
const LOOKED_AT_TOGETHER = 64;
/** A file without an end that nobody has touched for this long will not get one. */
const UNFINISHED_MS = 5_000;
/** Before a file that was not ready is looked at again. */
const LOOK_AGAIN_MS = 50;
/** Before a desk that could not be reached is asked again, and the longest such pause. */
const ASK_AGAIN_MS = 250;
const ASK_AGAIN_MS_MAX = 5_000;
const FORGET_EVERY_MS = 3_600_000;

export interface DropFolderOptions {
  /** Holds `req`, `res` and `face`, which are made where they are missing. The root itself is not: a share may be away. */
  readonly root: string;
  /** Where this copy keeps what it needs to know after a restart. */
  readonly dataFolder: string;
  readonly desk: Desk;
  /** What becomes of an answered request: taken out of `req` and kept in the data folder, or left where it is. */
  readonly consumed: 'remove' | 'keep';
  readonly style: WriteStyle;
  /** See `PublisherOptions`. */
  readonly writeAfterMs: number;
  /** Between two looks at `req` when nothing was heard of it: what a network share does is not always told. */
  readonly pollMs: number;
  /** A file without an end is given back when nobody has touched it for so long; five seconds when left out. */
  readonly unfinishedMs?: number;
  /** How long copies of answered requests are kept. */
  readonly keptMs: number;
  /** Epoch milliseconds, by the machine's own clock, as the times of files are. */
  readonly now: () => number;
  readonly onEvent: (event: FolderEvent) => void;
}

/** What happened, for the log and the figures; no name of a file, which may be somebody's. */
export type FolderEvent =
  | { readonly kind: 'answered'; readonly lane: RequestName['lane']; readonly tookMs: number }
  | { readonly kind: 'malformed'; readonly lane: RequestName['lane']; readonly code: string }
  | { readonly kind: 'waiting'; readonly because: 'unreachable' | 'folder'; readonly cause?: string };

interface Refused {
  readonly code: string;
  readonly message: string;
}

const REFUSED: Readonly<Record<'unfinished' | 'too-large', (lane: RequestName['lane']) => Refused>> = {
  unfinished: () => ({ code: 'SHK1009', message: 'ファイルの終わりがありません。' }),
  'too-large': (lane) => ({
    code: 'SHK1001',
    message: `ファイルが大きすぎます（上限${BYTES_MAX[lane] / 1024 / 1024}MB）。`,
  }),
};

interface InHand {
  readonly request: RequestName;
  /** Monotonic milliseconds. */
  readonly seenAt: number;
}

interface Unfinished {
  readonly stamp: Stamp;
  readonly since: number;
}

/**
 * Answers what is dropped into `req`, in the order of its arrival, by files in `res`. A request leaves `req` when its answer is
 * durable, and not before: whatever happens in between, it is found there again and answered. Results are never deleted here.
 */
export class DropFolder {
  readonly req: string;
  readonly res: string;
  readonly face: string;
  private readonly results: Publisher;
  private readonly faces: Publisher;
  private readonly taken: TakenRequests;
  private readonly inHand = new Map<string, InHand>();
  private readonly unfinished = new Map<string, Unfinished>();
  /** Answered, and left in `req`. */
  private readonly left = new Map<string, Stamp>();
  private readonly lanes = { single: new InOrder(AT_ONCE.single), bulk: new InOrder(AT_ONCE.bulk) };
  private readonly stopping = new AbortController();
  private wake: () => void = () => {};
  private woken = false;
  private isPrepared = false;
  private forgottenAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: DropFolderOptions) {
    const { root, dataFolder, style, writeAfterMs } = options;
    [this.req, this.res, this.face] = ['req', 'res', 'face'].map((name) => join(root, name)) as [
      string,
      string,
      string,
    ];
    const publishing = { style, writeAfterMs, asideFolder: root };
    this.results = new Publisher(this.res, publishing);
    this.faces = new Publisher(this.face, publishing);
    this.taken = new TakenRequests(join(dataFolder, 'taken'));
  }

  /** Works until it is stopped. A folder that goes away is waited for. */
  async run(): Promise<void> {
    const { signal } = this.stopping;
    let watcher: FSWatcher | undefined;
    let wasAway = false;
    while (!signal.aborted) {
      let pauseMs = this.options.pollMs;
      try {
        await this.prepare();
        watcher ??= this.listen(() => (watcher = undefined));
        this.woken = false;
        if (await this.scan()) pauseMs = Math.min(pauseMs, LOOK_AGAIN_MS);
        wasAway = false;
      } catch (error) {
        this.isPrepared = false;
        if (!wasAway) this.tell({ kind: 'waiting', because: 'folder', cause: nameOf(error) });
        wasAway = true;
      }
      await this.pause(pauseMs);
    }
    watcher?.close();
    await Promise.all(Object.values(this.lanes).map((lane) => lane.idle()));
  }

  /** Finishes what is in hand; what is not begun is found again by the next run. */
  stop(): void {
    this.stopping.abort();
    this.wake();
  }

  /** Puts the result of a card reader where clients look for it. Resolves when it is durable. */
  async deliverFace(name: string, bytes: Buffer): Promise<void> {
    await this.prepare();
    await (
      await this.faces.begin(name, bytes)
    ).durable;
  }

  private async prepare(): Promise<void> {
    if (this.isPrepared) return;
    for (const folder of [this.req, this.res, this.face])
      await mkdir(folder).catch((error: unknown) => {
        if (nameOf(error) !== 'EEXIST') throw error;
      });
    await this.taken.prepare();
    this.isPrepared = true;
  }

  /** Being told is sooner than looking; where it cannot be had (network shares), looking is enough. */
  private listen(ended: () => void): FSWatcher | undefined {
    try {
      const watcher = watch(this.req, () => this.lookSoon());
      watcher.on('error', () => {
        watcher.close();
        ended();
      });
      watcher.unref();
      return watcher;
    } catch {
      return undefined;
    }
  }

  private lookSoon(): void {
    this.woken = true;
    this.wake();
  }

  private pause(ms: number): Promise<void> {
    if (this.woken || this.stopping.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = globalThis.setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Takes what is new into hand, oldest first. True where something has to be looked at again soon. */
  private async scan(): Promise<boolean> {
    const entries = await readdir(this.req, { withFileTypes: true });
    const seenAt = performance.now();
    const found = entries.flatMap((entry) => {
      const request = entry.isFile() ? requestName(entry.name) : undefined;
      return request === undefined ? [] : [request];
    });
    const names = new Set(found.map(({ name }) => name));
    for (const known of [this.unfinished, this.left])
      for (const name of known.keys()) if (!names.has(name)) known.delete(name);
    if (seenAt - this.forgottenAt > FORGET_EVERY_MS) {
      this.forgottenAt = seenAt;
      await this.taken.forget(this.options.now() - this.options.keptMs, names);
    }
    const fresh = await this.byArrival(found.filter(({ name }) => !this.inHand.has(name)));
    for (const request of fresh) {
      this.inHand.set(request.name, { request, seenAt });
      this.lanes[request.lane].add((inTurn) =>
        this.work(request, inTurn).finally(() => this.inHand.delete(request.name)),
      );
    }
    return this.unfinished.size > 0;
  }

  /** By when they came here, which a file moved in has in its change time alone; those of one moment by name. */
  private async byArrival(requests: readonly RequestName[]): Promise<RequestName[]> {
    const arrived: { request: RequestName; at: bigint }[] = [];
    for (let i = 0; i < requests.length; i += LOOKED_AT_TOGETHER) {
      const together = requests.slice(i, i + LOOKED_AT_TOGETHER);
      const looks = await Promise.allSettled(together.map(({ name }) => lstat(join(this.req, name), { bigint: true })));
      looks.forEach((look, at) => {
        const request = together[at];
        if (look.status === 'fulfilled' && request !== undefined && !this.isLeft(request.name, look.value))
          arrived.push({ request, at: look.value.ctimeNs });
      });
    }
    return arrived
      .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.request.name < b.request.name ? -1 : 1))
      .map(({ request }) => request);
  }

  private isLeft(name: string, { size, mtimeNs }: { size: bigint; mtimeNs: bigint }): boolean {
    const left = this.left.get(name);
    return left !== undefined && left.bytes === size && left.modifiedNs === mtimeNs;
  }

  /** Never rejects: what goes wrong with one file stops no other, and the file is found again. */
  private async work(request: RequestName, inTurn: InTurn): Promise<void> {
    try {
      const path = join(this.req, request.name);
      const look = await lookAt(path, { packed: request.packed, bytesMax: BYTES_MAX[request.lane] });
      switch (look.kind) {
        case 'gone':
          return;
        case 'locked':
          await setTimeout(LOOK_AGAIN_MS);
          return this.lookSoon();
        case 'whole':
          this.unfinished.delete(request.name);
          return await this.answer(request, path, look.bytes, look.stamp, inTurn);
        case 'unfinished':
        case 'too-large':
          if (!this.hasRested(request.name, look.stamp)) return;
          this.unfinished.delete(request.name);
          return await this.giveBack(request, path, look, REFUSED[look.kind](request.lane), inTurn);
      }
    } catch (error) {
      this.tell({ kind: 'waiting', because: 'folder', cause: nameOf(error) });
      await setTimeout(ASK_AGAIN_MS);
    }
  }

  /** Whether nobody has written to it for a while. */
  private hasRested(name: string, stamp: Stamp): boolean {
    const now = performance.now();
    const before = this.unfinished.get(name);
    if (before === undefined || !sameState(before.stamp, stamp)) {
      this.unfinished.set(name, { stamp, since: now });
      return false;
    }
    return now - before.since >= (this.options.unfinishedMs ?? UNFINISHED_MS);
  }

  private async answer(request: RequestName, path: string, bytes: Buffer, stamp: Stamp, inTurn: InTurn): Promise<void> {
    if (this.options.consumed === 'keep' && (await this.taken.has(request.name, bytes))) {
      this.left.set(request.name, stamp);
      return;
    }
    const outgoing = await this.ask({ name: request.name, bytes });
    if (outgoing === undefined) return;
    if (outgoing.kind === 'malformed') return this.giveBack(request, path, { bytes, stamp }, outgoing, inTurn);
    const { durable } = await inTurn(() => this.results.begin(outgoing.name, outgoing.bytes));
    await durable;
    await this.consume(request, path, stamp);
    const seenAt = this.inHand.get(request.name)?.seenAt ?? performance.now();
    this.tell({ kind: 'answered', lane: request.lane, tookMs: performance.now() - seenAt });
  }

  /** Until there is an answer, or this is stopped: what nobody could be asked about is no answer. */
  private async ask(incoming: { readonly name: string; readonly bytes: Buffer }): Promise<Outgoing | undefined> {
    for (let pauseMs = ASK_AGAIN_MS; ; pauseMs = Math.min(pauseMs * 2, ASK_AGAIN_MS_MAX)) {
      try {
        return await this.options.desk.reply(incoming);
      } catch (error) {
        if (!(error instanceof DeskUnreachable)) throw error;
        this.tell({ kind: 'waiting', because: 'unreachable', cause: nameOf(error.cause) });
      }
      await setTimeout(pauseMs, undefined, { signal: this.stopping.signal }).catch(() => {});
      if (this.stopping.signal.aborted) return undefined;
    }
  }

  /**
   * The request itself and, beside it, what is wrong with it: both in `res`, as the national system's program does. What is far too
   * large is not copied there.
   */
  private async giveBack(
    request: RequestName,
    path: string,
    { bytes, stamp }: { readonly bytes?: Buffer; readonly stamp: Stamp },
    { code, message }: Refused,
    inTurn: InTurn,
  ): Promise<void> {
    const { durable } = await inTurn(async () => {
      const copy = bytes === undefined ? undefined : (await this.results.begin(request.name, bytes)).durable;
      const error = (await this.results.begin(errorName(request.name), Buffer.from(`${code}\r\n${message}\r\n`)))
        .durable;
      return { durable: Promise.all([copy, error]) };
    });
    await durable;
    await this.consume(request, path, stamp);
    this.tell({ kind: 'malformed', lane: request.lane, code });
  }

  private async consume({ name }: RequestName, path: string, answered: Stamp): Promise<void> {
    if (this.options.consumed === 'remove') {
      await this.taken.take(path, name, answered);
      return;
    }
    await this.taken.note(path, name);
    this.left.set(name, await stampOf(path));
  }

  private tell(event: FolderEvent): void {
    this.options.onEvent(event);
  }
}

const nameOf = (error: unknown): string => {
  const { code, name } = (error ?? {}) as { code?: string; name?: string };
  return code ?? name ?? 'unknown';
};
