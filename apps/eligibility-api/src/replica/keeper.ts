import { open } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { setImmediate, setTimeout } from 'node:timers/promises';

import { Logger } from '@nestjs/common';

import { tokyoDayNumber, type Clock } from '../clock/clock.js';
import { Checkpointer, type LogState } from './checkpointer.js';
import { KeeperLock } from './keeper-lock.js';
import {
  cardOf,
  createFile,
  FILE_FORMAT,
  isWhole,
  openForWriting,
  readState,
  type FileState,
  type PersonRow,
} from './replica-file.js';
import type { ReplicaFolder } from './replica-folder.js';
import type { ReplicaKeys } from './replica-keys.js';
import type { Changes, PeopleAfter, ReplicaSource } from './replica-source.js';
import type { ReadyBuilder } from './replica-view.js';
import { ReplicaWriter, type PersonText, type SealedReady } from './replica-writer.js';

const PEOPLE_PER_READING = 1_000;
/** A store too slow for that many in the time of one statement is asked for half as many, down to this. */
const PEOPLE_PER_READING_MIN = 50;
const CHANGED_PER_READING = 200;
/** Of those who are marked, before it is heard again what else has changed. */
const STALE_AT_ONCE = 400;
/** Answers of more people than this at once are made behind their facts, which are five times as quick to read. */
const ANSWERED_AT_ONCE_MAX = 200;
/** More people than this at once are marked first, and read after that; so many are read in some 0.2 s, for which everybody's instant waits. */
const READ_AT_ONCE_MAX = 2_000;
const MARKED_PER_TRANSACTION = 1_000;
/** A slice of work on the event loop: a check that arrives meanwhile waits no longer than this. */
const SLICE_MS = 2;
/** Sealed, or built, between one look at the time and the next. */
const PEOPLE_AT_ONCE = 8;
/** 8 MB. */
const PAGES_PER_CHECKPOINT = 1_024;
/** 64 MB: the log is not let grow beyond this while readers hold it; the writer waits for them. */
const LOG_PAGES_MAX = 8_192;
/** Readers take the newest snapshot fifty times a second. */
const READERS_MOVE_WITHIN_MS = 40;
const WAITS_FOR_READERS_MAX = 20;

const NOTHING_MOVED: LogState = { inLog: 0, moved: 0 };

/** Whether a person's ready answers are made in the transaction that changes the facts, or behind it. */
type MakeAnswers = 'now' | 'later';

/** `readyThrough` when every certificate has been looked at. */
const ALL_BUILT = 'end';

export interface KeeperOptions {
  readonly sealed: boolean;
  /** Insurers whose people are held; empty for everybody. */
  readonly insurers: readonly string[];
  /** How many changed people are read before the instant moves on; more are marked. */
  readonly readAtOnceMax?: number;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
}

interface Building {
  readonly writer: ReplicaWriter;
  readonly total: number;
  last: string;
  done: number;
  perReading: number;
}

/** What ready rows are stored under: eight bytes of their builder's version. */
export const readyVersionOf = (version: string): Buffer => createHash('sha256').update(version).digest().subarray(0, 8);

/**
 * Keeps the replica: loads it from PostgreSQL, follows the outbox, builds ready answers. It alone writes; readers learn
 * everything from the files. Every step may be interrupted at any point, and repeated.
 */
export class Keeper {
  private readonly logger = new Logger('Replica');
  private readonly lock: KeeperLock;
  private readonly readyVersion: Buffer;
  private writer: ReplicaWriter | undefined;
  private checkpointer: Checkpointer | undefined;
  private building: Building | undefined;
  /** Transactions at or above the watermark whose changes are in. */
  private heard = new Set<string>();
  private last: Promise<void> = Promise.resolve();
  private sliceBegan = 0;
  private isTidy = false;
  /** The log being moved, and how long it was the last time. */
  private moving: Promise<LogState> | undefined;
  private log = NOTHING_MOVED;
  /** Where the watermark has stood since when, while a transaction holds it back. */
  private heldBack: { readonly watermark: string; readonly since: number } | undefined;

  constructor(
    private readonly source: ReplicaSource,
    private readonly folder: ReplicaFolder,
    private readonly keys: ReplicaKeys,
    private readonly clock: Clock,
    private readonly builder: ReadyBuilder | undefined,
    /** When everything stored about certificates was last known to be true. */
    private readonly certificatesConfirmedAt: () => number | undefined,
    private readonly options: KeeperOptions,
  ) {
    this.lock = new KeeperLock(folder.lockFile);
    this.readyVersion = readyVersionOf(builder?.version ?? '');
  }

  /** How far a snapshot is, while one is being loaded. */
  get progress(): Progress | undefined {
    return this.building === undefined ? undefined : { done: this.building.done, total: this.building.total };
  }

  /** For how long one transaction has held the watermark back: what others change meanwhile is read more than once. */
  get heldBackMs(): number {
    return this.heldBack === undefined ? 0 : this.clock.now() - this.heldBack.since;
  }

  /** Whether this is the one that keeps the folder; another process does when not. */
  get isKeeper(): boolean {
    return this.lock.isHeld;
  }

  /** Whether there is a generation that can be answered from; takes up what an earlier process left. */
  resume(): boolean {
    if (!this.lock.take()) return this.folder.current() !== undefined;
    this.takeUp();
    return this.writer !== undefined;
  }

  /**
   * Brings the replica up to now: everything committed before this was called is in when it resolves. Rejects while the store
   * is away; the caller calls again. One at a time: who comes while one is under way waits for his own.
   */
  hear(signal?: AbortSignal): Promise<void> {
    const turn = this.last.then(() => this.turn(signal));
    this.last = turn.catch(() => {});
    return turn;
  }

  /** Builds the ready answers that are missing or have ended. Resolves when none is left, or when told to stop. */
  async buildReady(signal?: AbortSignal): Promise<void> {
    const { builder } = this;
    if (builder === undefined) return;
    for (;;) {
      const { writer } = this;
      if (isStopped(signal) || writer === undefined) return;
      // Facts go before answers: about people who are marked PostgreSQL is being asked.
      if (writer.state.stale > 0 || !this.buildSome(writer, builder, this.readyVersion)) return;
      await setImmediate();
      if (writer === this.writer) await this.moveLog(writer);
    }
  }

  close(): void {
    this.building?.writer.close();
    this.building = undefined;
    this.use(undefined);
    this.lock.release();
  }

  private async turn(signal: AbortSignal | undefined): Promise<void> {
    if (!this.lock.take()) return;
    if (this.writer !== undefined && !this.isStillCurrent(this.writer)) this.drop();
    this.takeUp();
    this.tidy();
    if (this.writer === undefined || this.building !== undefined) return this.load(signal);
    for (;;) {
      const { writer } = this;
      const because = await this.follow(writer);
      if (because !== undefined) {
        this.logger.warn({ event: 'replica-begins-anew', because });
        return this.load(signal);
      }
      if (writer.state.stale === 0 || isStopped(signal)) return;
      // Some of them at a time, so that the instant of all the others goes on meanwhile.
      await this.readStale(writer);
    }
  }

  private isStillCurrent({ state: { generation } }: ReplicaWriter): boolean {
    return this.folder.current() === generation && !this.folder.isReportedBroken(generation);
  }

  private drop(): void {
    this.logger.warn({ event: 'replica-broken' });
    this.use(undefined);
    this.isTidy = false;
  }

  /** Only what is current and being built is kept; done when we become the keeper, and after every new generation. */
  private tidy(): void {
    if (this.isTidy) return;
    this.folder.keepOnly(this.writer?.state.generation, this.building?.writer.state.generation);
    this.isTidy = true;
  }

  /** The generation that an earlier process left, if it is ours and whole. */
  private takeUp(): void {
    const generation = this.folder.current();
    if (this.writer !== undefined || generation === undefined || this.folder.isReportedBroken(generation)) return;
    let db;
    try {
      db = openForWriting(this.folder.fileOf(generation));
      const state = readState(db);
      const keys = this.keys.of(generation);
      const isOurs =
        state !== undefined &&
        state.loaded &&
        state.generation === generation &&
        state.keyCheck === keys.check &&
        state.sealed === this.options.sealed &&
        state.insurers.join() === this.options.insurers.join() &&
        isWhole(db, state);
      if (isOurs) {
        this.heard.clear();
        this.use(new ReplicaWriter(db, keys, state));
        return;
      }
    } catch {
      // Cut, garbage, or no file of SQLite's at all.
    }
    db?.close();
    this.logger.warn({ event: 'replica-not-usable' });
  }

  private use(writer: ReplicaWriter | undefined): void {
    this.checkpointer?.close();
    this.writer?.close();
    this.writer = writer;
    this.log = NOTHING_MOVED;
    this.checkpointer =
      writer === undefined ? undefined : new Checkpointer(this.folder.fileOf(writer.state.generation));
  }

  /** Applies what changed. Tells why a new generation is needed, when it is. */
  private async follow(writer: ReplicaWriter, more: Partial<FileState> = {}): Promise<string | undefined> {
    const { state } = writer;
    const askedAt = this.clock.now();
    // Asked before the changes: what the feed stored before it confirmed is among them.
    const confirmedAt = this.certificatesConfirmedAt() ?? state.certificatesConfirmedAt;
    const changes = await this.source.changesSince(state.watermark, [...this.heard]);
    if (!changes.isHeldBack) this.heldBack = undefined;
    else if (this.heldBack?.watermark !== changes.watermark)
      this.heldBack = { watermark: changes.watermark, since: askedAt };
    const because = mustBeginAnew(state, changes);
    if (because !== undefined) {
      // Whatever they changed will have been read with everything else. Another store's transactions are not these.
      this.heard = new Set(because === 'another-store' ? [] : [...this.heard, ...changes.transactions]);
      return because;
    }
    const { readAtOnceMax = READ_AT_ONCE_MAX } = this.options;
    const { length } = changes.people;
    if (state.loaded && length > readAtOnceMax) await this.mark(writer, changes.people);
    else await this.replaceAll(writer, changes.people, length > ANSWERED_AT_ONCE_MAX ? 'later' : 'now');
    writer.write(() => ({
      watermark: changes.watermark,
      asOf: askedAt,
      ...(confirmedAt === undefined ? {} : { certificatesConfirmedAt: confirmedAt }),
      ...more,
    }));
    const watermark = BigInt(changes.watermark);
    this.heard = new Set([...this.heard, ...changes.transactions].filter((id) => BigInt(id) >= watermark));
    await this.moveLog(writer);
    return undefined;
  }

  /**
   * Marks many people at once as changed: a few microseconds each, where reading them anew takes some eighty. The replica stays
   * current for everybody else, and PostgreSQL is asked about these until they have been read.
   */
  private async mark(writer: ReplicaWriter, people: readonly string[]): Promise<void> {
    for (let at = 0; at < people.length; at += MARKED_PER_TRANSACTION) {
      writer.write(() => {
        writer.markStale(people.slice(at, at + MARKED_PER_TRANSACTION).map(BigInt));
        return { staleSince: writer.state.staleSince ?? writer.state.asOf };
      });
      await setImmediate();
    }
  }

  /** Facts only: making the answers takes five times as long, and PostgreSQL need not be asked while they are missing. */
  private async readStale(writer: ReplicaWriter): Promise<void> {
    await this.replaceAll(writer, writer.someStale(STALE_AT_ONCE).map(String), 'later');
    if (writer.state.stale === 0) writer.write(() => ({ staleSince: undefined }));
  }

  private async replaceAll(writer: ReplicaWriter, people: readonly string[], answers: MakeAnswers): Promise<void> {
    const read = (from: number): Promise<readonly PersonText[]> => {
      const reading = this.source.peopleOf(people.slice(from, from + CHANGED_PER_READING), this.options.insurers);
      // Awaited below, after other work: until then its failure is nobody's.
      reading.catch(() => {});
      return reading;
    };
    let next = people.length === 0 ? undefined : read(0);
    for (let at = 0; next !== undefined; at += CHANGED_PER_READING) {
      const texts = await next;
      // PostgreSQL works on the next ones while these are written.
      next = at + CHANGED_PER_READING < people.length ? read(at + CHANGED_PER_READING) : undefined;
      await this.apply(writer, people.slice(at, at + CHANGED_PER_READING), texts, answers);
      await this.moveLog(writer);
    }
  }

  /** Replaces these people. What is written of them may be newer than the replica's instant; never older. */
  private async apply(
    writer: ReplicaWriter,
    ids: readonly string[],
    texts: readonly PersonText[],
    answers: MakeAnswers,
  ): Promise<void> {
    const found = new Map(texts.map((text) => [text.personId, text]));
    const left = [...ids].toReversed();
    while (left.length > 0) {
      writer.write(() => {
        const began = performance.now();
        for (let id = left.pop(); id !== undefined; id = left.pop()) {
          this.applyOne(writer, BigInt(id), found.get(id), answers);
          if (performance.now() - began >= SLICE_MS) break;
        }
        return {};
      });
      await setImmediate();
    }
  }

  private applyOne(writer: ReplicaWriter, personId: bigint, text: PersonText | undefined, answers: MakeAnswers): void {
    if (text === undefined) writer.remove(personId);
    else if (writer.replace(text) && (answers === 'now' || this.builder === undefined))
      this.makeAnswers(writer, JSON.parse(text.text) as PersonRow);
    writer.unmark(personId);
  }

  /** Loads a snapshot into a new generation beside the one that is current, or goes on with one that was interrupted. */
  private async load(signal: AbortSignal | undefined): Promise<void> {
    const begunAt = this.clock.now();
    const standing = await this.source.standing();
    if (this.building !== undefined && this.building.writer.state.cluster !== standing.cluster) this.discard();
    this.building ??= await this.begin(begunAt, standing);
    const { building } = this;
    try {
      await this.readEverybody(building, signal);
    } catch (error) {
      building.perReading = Math.max(PEOPLE_PER_READING_MIN, Math.floor(building.perReading / 2));
      // The file goes on where it is when the store is back; what SQLite has against it cannot be repaired.
      if ((error as { code?: string }).code === 'ERR_SQLITE_ERROR') this.discard();
      throw error;
    }
    if (isStopped(signal)) return;
    const because = await this.follow(building.writer, { loaded: true });
    if (because !== undefined) {
      this.discard();
      return;
    }
    await this.publish(building);
    this.logger.log({ event: 'replica-loaded', people: building.writer.state.people });
  }

  private async begin(begunAt: number, standing: { cluster: string; watermark: string }): Promise<Building> {
    const total = await this.source.countPeople();
    const generation = this.folder.newGeneration();
    const keys = this.keys.of(generation);
    this.logger.log({ event: 'replica-loading', total });
    const writer = new ReplicaWriter(createFile(this.folder.fileOf(generation)), keys, {
      format: FILE_FORMAT,
      generation,
      keyCheck: keys.check,
      sealed: this.options.sealed,
      insurers: this.options.insurers,
      ...standing,
      loaded: false,
      asOf: begunAt,
      certificatesConfirmedAt: this.certificatesConfirmedAt(),
      people: 0,
      cards: 0,
      numbers: 0,
      ready: 0,
      stale: 0,
      staleSince: undefined,
      unready: 0,
      readyVersion: '',
      readyThrough: '',
      begunAt,
    });
    return { writer, total, last: '0', done: 0, perReading: PEOPLE_PER_READING };
  }

  private async readEverybody(building: Building, signal: AbortSignal | undefined): Promise<void> {
    const { insurers } = this.options;
    const { writer } = building;
    const read = (after: string): Promise<PeopleAfter> => {
      const reading = this.source.peopleAfter(after, building.perReading, insurers);
      // Awaited below, after other work: until then its failure is nobody's.
      reading.catch(() => {});
      return reading;
    };
    let next = read(building.last);
    for (;;) {
      const { people, last } = await next;
      if (last === undefined) writer.endIfOpen();
      if (isStopped(signal) || last === undefined) return;
      // PostgreSQL works on the next ones while these are sealed.
      next = read(last);
      // One transaction for all: the pages of the indexes are written all over, and each goes to the file when room is needed.
      writer.beginUnlessOpen();
      for (const [at, person] of people.entries()) {
        writer.add(writer.seal(person));
        if (at % PEOPLE_AT_ONCE === 0) await this.breathe();
      }
      building.last = last;
      building.done += people.length;
    }
  }

  /** Whole on the disk first, then named as current: a crash in between leaves the old one. */
  private async publish(building: Building): Promise<void> {
    const { writer } = building;
    const { generation } = writer.state;
    writer.close();
    this.building = undefined;
    const path = this.folder.fileOf(generation);
    // Off the event loop: it may be a gigabyte.
    const file = await open(path, 'r+');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    this.use(new ReplicaWriter(openForWriting(path), this.keys.of(generation), writer.state));
    this.folder.makeCurrent(generation);
    this.isTidy = false;
    this.tidy();
  }

  private discard(): void {
    const generation = this.building?.writer.state.generation;
    this.building?.writer.close();
    this.building = undefined;
    if (generation !== undefined) this.folder.remove(generation);
  }

  /** One slice of building; false when nothing is left to build. */
  private buildSome(writer: ReplicaWriter, builder: ReadyBuilder, version: Buffer): boolean {
    const wanted = version.toString('hex');
    if (writer.state.readyVersion !== wanted) writer.write(() => ({ readyVersion: wanted, readyThrough: '' }));
    if (writer.state.unready > 0) {
      this.buildUnready(writer);
      return true;
    }
    if (writer.state.readyThrough !== ALL_BUILT) {
      this.buildByPlace(writer, builder, version);
      return true;
    }
    const ended = writer.peopleEndedBefore(tokyoDayNumber(this.clock.now()), PEOPLE_AT_ONCE);
    if (ended.length === 0) return false;
    writer.write(() => {
      for (const row of ended) this.buildRow(writer, builder, version, row, () => true);
      return {};
    });
    return true;
  }

  /** Of people whose facts were replaced among many. */
  private buildUnready(writer: ReplicaWriter): void {
    writer.write(() => {
      const began = performance.now();
      do {
        const people = writer.someUnready(PEOPLE_AT_ONCE);
        for (const row of people) this.makeAnswers(writer, row);
        // Anywhere in the file, where those that are built by place lie side by side.
        writer.pagesWritten += people.length;
      } while (writer.state.unready > 0 && performance.now() - began < SLICE_MS);
      return {};
    });
  }

  private buildByPlace(writer: ReplicaWriter, builder: ReadyBuilder, version: Buffer): void {
    writer.write(() => {
      const began = performance.now();
      let { readyThrough } = writer.state;
      while (readyThrough !== ALL_BUILT && performance.now() - began < SLICE_MS) {
        const cards = writer.cardsAfter(readyThrough, PEOPLE_AT_ONCE);
        for (const { place, row } of cards)
          this.buildRow(writer, builder, version, row, (serial) => writer.placeOf(serial) === place);
        readyThrough = cards.at(-1)?.through ?? ALL_BUILT;
      }
      return { readyThrough };
    });
  }

  private buildRow(
    writer: ReplicaWriter,
    builder: ReadyBuilder,
    version: Buffer,
    row: PersonRow,
    isWanted: (serial: string) => boolean,
  ): void {
    for (const { serial } of row.certificates.filter((certificate) => isWanted(certificate.serial))) {
      const ready = this.readyRow(writer, builder, version, row, serial);
      if (ready === undefined) writer.removeReady(serial);
      else writer.putReady(ready);
    }
  }

  private makeAnswers(writer: ReplicaWriter, row: PersonRow): void {
    const { builder } = this;
    if (builder !== undefined) this.buildRow(writer, builder, this.readyVersion, row, () => true);
    writer.readied(BigInt(row.facts.personId));
  }

  private readyRow(
    writer: ReplicaWriter,
    builder: ReadyBuilder,
    version: Buffer,
    row: PersonRow,
    serial: string,
  ): SealedReady | undefined {
    const record = cardOf(row, serial);
    if (record === undefined) return undefined;
    const today = tokyoDayNumber(this.clock.now());
    const built = builder.build(record, today);
    // A row that had ended before it was built would be built for ever.
    if (built === undefined || (built.untilDay !== undefined && built.untilDay < today)) return undefined;
    return writer.sealReady(BigInt(row.facts.personId), serial, version, built.untilDay, built.opened);
  }

  private async breathe(): Promise<void> {
    if (performance.now() - this.sliceBegan < SLICE_MS) return;
    await setImmediate();
    this.sliceBegan = performance.now();
  }

  /**
   * Moves the log into the file now and then, behind the changes: the disk takes a tenth of a second for it, and whoever lost
   * coverage meanwhile would be valid for as long. It is waited for where it goes on for longer than it takes to write as much
   * again. The log begins at its front again when all of it has been moved and every reader has gone over to what was; that is
   * waited for when the log has grown, and not for ever: a reader may be stopped.
   */
  private async moveLog(writer: ReplicaWriter): Promise<void> {
    // A file that is being built has no log.
    const isDue = (): boolean => writer.pagesWritten >= PAGES_PER_CHECKPOINT && writer === this.writer;
    if (!isDue()) return;
    await this.moving;
    const { checkpointer } = this;
    // Who waited beside us was first, or the file is another.
    if (checkpointer === undefined || !isDue()) return;
    writer.pagesWritten = 0;
    this.moving = this.moveWith(checkpointer);
    if (this.log.inLog < LOG_PAGES_MAX) return;
    let log = await this.moving;
    for (let wait = 0; wait < WAITS_FOR_READERS_MAX && log.moved < log.inLog; wait += 1) {
      await setTimeout(READERS_MOVE_WITHIN_MS);
      this.moving = this.moveWith(checkpointer);
      log = await this.moving;
    }
    await setTimeout(READERS_MOVE_WITHIN_MS);
  }

  private async moveWith(checkpointer: Checkpointer): Promise<LogState> {
    this.log = await checkpointer.checkpoint();
    return this.log;
  }
}

const isStopped = (signal: AbortSignal | undefined): boolean => signal?.aborted === true;

const mustBeginAnew = (state: FileState, changes: Changes): string | undefined => {
  if (changes.cluster !== state.cluster) return 'another-store';
  // Transactions count upwards: a store restored from a copy does not tell what was changed in it.
  if (BigInt(changes.watermark) < BigInt(state.watermark)) return 'watermark-went-back';
  if (BigInt(changes.prunedThrough) >= BigInt(state.watermark)) return 'changes-pruned';
  return changes.everybody ? 'everybody-changed' : undefined;
};
