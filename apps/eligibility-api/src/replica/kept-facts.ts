import type { PersonFacts } from '@app/domain';
import { LRUCache } from 'lru-cache';

import type { Clock } from '../clock/clock.js';
import {
  FactsUnavailable,
  type CardRecord,
  type FactsReader,
  type KeptFactsState,
  type Reading,
} from './facts-reader.js';

/** The truth behind the kept facts. */
export interface FactsSource {
  bySerial(serial: string): Promise<CardRecord | undefined>;
  byNumber(insurerNumber: string, numberKey: string): Promise<readonly PersonFacts[]>;
  changesSince(watermark: string): Promise<{ watermark: string; people: readonly string[] }>;
  currentWatermark(): Promise<string>;
}

interface Kept<T> {
  readonly value: T;
  readonly people: readonly string[];
}

interface UnderWay<T> {
  readonly value: Promise<T>;
  /** When it began: what it reads is that old, whoever joined later. */
  readonly askedAt: number;
}

export interface KeptFactsOptions {
  /** Cards, and as many numbers, whose facts are kept. */
  readonly max: number;
  /** Changes were heard this recently: what is kept is current. */
  readonly currentForMs: number;
}

/**
 * Facts kept in memory in front of the store. What is kept is used as current only while changes are being heard; a change
 * forgets the person at once. While the store is away, what was found before is still given, with its age; "nothing found"
 * is never kept, because it would say "not covered" without knowing.
 */
export class KeptFacts implements FactsReader {
  private readonly cards: LRUCache<string, Kept<CardRecord>>;
  private readonly numbers: LRUCache<string, Kept<readonly PersonFacts[]>>;
  /** Which kept keys show a person, so that a change of the person forgets them all. */
  private readonly keysOf = new Map<string, Set<string>>();
  private readonly underWay = new Map<string, UnderWay<unknown>>();
  private watermark: string | undefined;
  private confirmedAt = Number.NEGATIVE_INFINITY;
  private changesHeard = 0;
  private hits = 0;
  private misses = 0;
  private invalidations = 0;

  constructor(
    private readonly source: FactsSource,
    private readonly clock: Clock,
    private readonly options: KeptFactsOptions,
  ) {
    const max = Math.max(1, options.max);
    this.cards = new LRUCache({ max, dispose: (kept, key) => this.unindex(key, kept.people) });
    this.numbers = new LRUCache({ max, dispose: (kept, key) => this.unindex(key, kept.people) });
  }

  async bySerial(serial: string): Promise<Reading<CardRecord | undefined>> {
    const key = `serial ${serial}`;
    const kept = this.cards.get(key);
    if (kept !== undefined && this.isCurrent()) {
      this.hits += 1;
      return { value: kept.value, asOf: this.confirmedAt };
    }
    return this.read(
      key,
      () => this.source.bySerial(serial),
      (value) => (value === undefined ? undefined : { value, people: [value.person.personId] }),
      this.cards as LRUCache<string, Kept<CardRecord | undefined>>,
    );
  }

  async byNumber(insurerNumber: string, numberKey: string): Promise<Reading<readonly PersonFacts[]>> {
    // Always asked of the store: a second person under the same number would make the kept answer wrong without changing
    // anybody who is in it.
    return this.read(
      `number ${insurerNumber} ${numberKey}`,
      () => this.source.byNumber(insurerNumber, numberKey),
      (value) => (value.length === 0 ? undefined : { value, people: value.map((person) => person.personId) }),
      this.numbers,
    );
  }

  /** Reads the changes since last time and forgets who changed. Rejects while the store is away; the caller calls again. */
  async hear(): Promise<void> {
    const askedAt = this.clock.now();
    if (this.watermark === undefined) {
      // Nothing kept so far is known to be current: begin anew.
      const watermark = await this.source.currentWatermark();
      this.forgetAll();
      this.watermark = watermark;
    } else {
      const { watermark, people } = await this.source.changesSince(this.watermark);
      // Transactions count upwards: another store stands there now, restored from a copy, and what it changed is not told.
      if (BigInt(watermark) < BigInt(this.watermark)) this.forgetAll();
      this.watermark = watermark;
      for (const person of people) this.forget(person);
    }
    this.confirmedAt = Math.max(this.confirmedAt, askedAt);
  }

  get state(): KeptFactsState {
    return {
      people: this.cards.size,
      capacity: this.options.max,
      hits: this.hits,
      misses: this.misses,
      invalidations: this.invalidations,
      listening: this.isCurrent(),
    };
  }

  private isCurrent(): boolean {
    return this.options.max > 0 && this.clock.now() - this.confirmedAt <= this.options.currentForMs;
  }

  private async read<T>(
    key: string,
    load: () => Promise<T>,
    keep: (value: T) => Kept<T> | undefined,
    cache: LRUCache<string, Kept<T>>,
  ): Promise<Reading<T>> {
    this.misses += 1;
    const reading = this.load(key, load, keep, cache);
    try {
      return { value: await reading.value, asOf: reading.askedAt };
    } catch (error) {
      const kept = cache.get(key);
      if (kept === undefined) throw new FactsUnavailable({ cause: error });
      return { value: kept.value, asOf: this.confirmedAt, awaySince: this.confirmedAt };
    }
  }

  /** Callers for one key share one reading. */
  private load<T>(
    key: string,
    load: () => Promise<T>,
    keep: (value: T) => Kept<T> | undefined,
    cache: LRUCache<string, Kept<T>>,
  ): UnderWay<T> {
    const shared = this.underWay.get(key) as UnderWay<T> | undefined;
    if (shared !== undefined) return shared;
    const askedAt = this.clock.now();
    const heardBefore = this.changesHeard;
    const value = load()
      .then((read) => {
        // A change heard meanwhile may be newer than what was read: then it is given once, and not kept.
        const kept =
          this.options.max > 0 && heardBefore === this.changesHeard && this.watermark !== undefined
            ? keep(read)
            : undefined;
        if (kept === undefined) cache.delete(key);
        else {
          cache.set(key, kept);
          for (const person of kept.people) this.index(person, key);
        }
        return read;
      })
      .finally(() => {
        if (this.underWay.get(key) === reading) this.underWay.delete(key);
      });
    const reading = { value, askedAt };
    this.underWay.set(key, reading);
    return reading;
  }

  private forget(personId: string): void {
    this.changesHeard += 1;
    // A reading that began before the change must not be shared with a caller who came after it.
    this.underWay.clear();
    for (const key of this.keysOf.get(personId) ?? []) {
      this.invalidations += 1;
      this.cards.delete(key);
      this.numbers.delete(key);
    }
  }

  private forgetAll(): void {
    this.changesHeard += 1;
    this.underWay.clear();
    this.cards.clear();
    this.numbers.clear();
  }

  private index(personId: string, key: string): void {
    const keys = this.keysOf.get(personId);
    if (keys === undefined) this.keysOf.set(personId, new Set([key]));
    else keys.add(key);
  }

  private unindex(key: string, people: readonly string[]): void {
    for (const personId of people) {
      const keys = this.keysOf.get(personId);
      keys?.delete(key);
      if (keys?.size === 0) this.keysOf.delete(personId);
    }
  }
}
