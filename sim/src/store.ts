import type { CivilDate, PersonFacts } from '@app/domain';

import { RecordUnavailable, type ListedCheck } from '../../apps/eligibility-api/src/check-log/check-log.js';
import type {
  JournalPosition,
  KeptAnswer,
  ShippedCheck,
  ShippedChecks,
} from '../../apps/eligibility-api/src/check-log/shipped-checks.js';
import type {
  FeedPosition,
  NamedCertificate,
  Telling,
} from '../../apps/eligibility-api/src/coverage-store/credential-store.js';
import { StoreBusy, type CardRecord } from '../../apps/eligibility-api/src/replica/facts-reader.js';
import type {
  Changes,
  PeopleAfter,
  ReplicaSource,
  Standing,
} from '../../apps/eligibility-api/src/replica/replica-source.js';
import type { PersonText } from '../../apps/eligibility-api/src/replica/replica-writer.js';
import type { FactsSource } from '../../apps/eligibility-api/src/replica/replicated-facts.js';
import type { Random } from './random.js';
import type { VirtualTime } from './virtual-time.js';

export const STORE_MODES = ['ok', 'slow', 'gone', 'silent', 'commit-unknown'] as const;
export type StoreMode = (typeof STORE_MODES)[number];

/** A statement takes no longer, as DATABASE_TIMEOUT_MS has it. */
const TIMEOUT_MS = 1_000;

export interface Insurer {
  readonly insurerNumber: string;
  readonly insurerName: string;
}
export const INSURERS: readonly Insurer[] = [
  { insurerNumber: '06130488', insurerName: '見本健康保険組合' },
  { insurerNumber: '01130012', insurerName: '見本協会けんぽ' },
  { insurerNumber: '06270011', insurerName: '見本第二健康保険組合' },
];

/** A coverage as it stands in the store. Days are `YYYY-MM-DD`. */
export interface Coverage {
  readonly id: string;
  readonly insurer: Insurer;
  readonly number: string;
  readonly acquiredOn: string;
  readonly availableFrom: string;
  readonly recordedAt: number;
  readonly lostOn?: string;
  readonly lossRecordedAt?: number;
}

export interface Person {
  readonly id: string;
  readonly birthdate: string;
  readonly coverages: readonly Coverage[];
}

interface Credential {
  readonly serial: string;
  readonly personId: string;
  readonly status: NamedCertificate['status'];
  readonly notAfter?: string;
  readonly supersededBy?: string;
  readonly verifiedAt: number;
}

/** What was committed of a person from an instant on. */
export interface Version {
  readonly at: number;
  readonly coverages: readonly Coverage[];
}

/** As the store's statement has it. */
const isBack = (held: NamedCertificate['status'], named: NamedCertificate['status']): boolean =>
  (held === 'revoked' && named !== 'revoked') || (held === 'superseded' && !['superseded', 'revoked'].includes(named));

class StoreAway extends Error {
  constructor(readonly code: string) {
    super('the store cannot be reached');
    this.name = 'StoreAway';
  }
}

export class Transaction {
  constructor(
    readonly id: number,
    readonly began: number,
  ) {}
}

/**
 * PostgreSQL as far as the counter uses it: transactions that take their number when they begin and count when they commit, an
 * outbox read by watermark, and a connection that may be slow, silent, gone, or gone at the very moment of a commit.
 */
export class SimulatedStore {
  mode: StoreMode = 'ok';
  readonly people = new Map<string, Person>();
  readonly credentials = new Map<string, Credential>();
  /** What was committed about each person, and when: the truth that answers are held against. */
  readonly history = new Map<string, Version[]>();
  /** Serials that lead to somebody, and since when. */
  readonly links = new Map<string, { readonly personId: string; readonly at: number }>();
  /** When a certificate was verified by whoever enrolled its holder. */
  readonly enrolled = new Map<string, number>();
  readonly checks = new Map<string, ShippedCheck>();
  /** The same by their places in chains; one that was committed straight and then found in a file has two. */
  readonly places = new Map<string, ShippedCheck>();
  readonly positions = new Map<string, JournalPosition>();
  /** A commit of which whoever made it was not told. */
  unknownCommits = 0;

  private readonly holders = new Map<string, string>();
  private readonly running = new Set<number>();
  private nextTransaction = 700;
  private outbox: { readonly transaction: number; readonly personId: string; readonly at: number }[] = [];
  private prunedThrough = 0;
  private timeline = 1;
  private feed: FeedPosition | undefined;

  constructor(
    private readonly time: VirtualTime,
    private readonly random: Random,
  ) {}

  begin(): Transaction {
    const transaction = new Transaction(this.nextTransaction, this.time.now);
    this.nextTransaction += 1;
    this.running.add(transaction.id);
    return transaction;
  }

  /** Everything that the transaction did becomes true at once. `work` returns whose facts changed. */
  commit(transaction: Transaction, work: () => Iterable<string>): void {
    this.running.delete(transaction.id);
    for (const personId of new Set(work()))
      this.outbox.push({ transaction: transaction.id, personId, at: this.time.now });
  }

  write(work: () => Iterable<string>): void {
    this.commit(this.begin(), work);
  }

  put(person: Person): string {
    this.people.set(person.id, person);
    const versions = this.history.get(person.id) ?? [];
    versions.push({ at: this.time.now, coverages: person.coverages });
    this.history.set(person.id, versions);
    for (const { insurer, number } of person.coverages)
      this.holders.set(`${insurer.insurerNumber} ${number}`, person.id);
    return person.id;
  }

  link(credential: Credential): string {
    this.credentials.set(credential.serial, credential);
    this.links.set(credential.serial, { personId: credential.personId, at: this.time.now });
    return credential.personId;
  }

  /** Numbers belong to one person for ever. */
  holderOf(insurerNumber: string, number: string): string | undefined {
    return this.holders.get(`${insurerNumber} ${number}`);
  }

  prune(before: number): void {
    const gone = this.outbox.filter(({ at }) => at < before);
    this.outbox = this.outbox.filter(({ at }) => at >= before);
    this.prunedThrough = Math.max(this.prunedThrough, ...gone.map(({ transaction }) => transaction));
  }

  /** A standby takes over, with everything that was committed. */
  failOver(): void {
    this.timeline += 1;
  }

  /** As somebody who is about to be told everything and nothing. */
  call<T>(work: () => T, writes = false): Promise<T> {
    const { time, random } = this;
    return new Promise((resolve, reject) => {
      const lost = (code: string): void => reject(new StoreAway(code));
      const { mode } = this;
      if (mode === 'gone') return void time.after(1, () => lost('ECONNREFUSED'));
      if (mode === 'silent') return void time.after(TIMEOUT_MS, () => lost('ETIMEDOUT'));
      const takes = mode === 'slow' ? random.between(50, 1_600) : random.between(1, 12);
      const isLate = takes > TIMEOUT_MS;
      const unknown = writes && (mode === 'commit-unknown' || isLate) && random.chance(0.5);
      time.after(Math.min(takes, TIMEOUT_MS) / 2, () => {
        // It went away with the statement under way, which is rolled back.
        if (this.mode === 'gone' || this.mode === 'silent') return void time.after(1, () => lost('ECONNRESET'));
        let outcome: T | undefined;
        if (!isLate || unknown)
          try {
            outcome = work();
          } catch (error) {
            return void time.after(1, () => reject(error));
          }
        if (unknown) this.unknownCommits += 1;
        time.after(Math.min(takes, TIMEOUT_MS) / 2, () => {
          if (isLate) reject(new StoreBusy());
          else if (unknown || (writes && mode === 'commit-unknown')) lost('ECONNRESET');
          else resolve(outcome as T);
        });
      });
    });
  }

  get standing(): Standing {
    const watermark = Math.min(this.nextTransaction, ...this.running);
    return { cluster: `sim/${this.timeline}`, watermark: String(watermark) };
  }

  changesSince(watermark: string, heard: readonly string[]): Changes {
    const known = new Set(heard.map(Number));
    const rows = this.outbox.filter(({ transaction }) => transaction >= Number(watermark) && !known.has(transaction));
    return {
      ...this.standing,
      isHeldBack: this.running.size > 0,
      prunedThrough: String(this.prunedThrough),
      everybody: false,
      people: [...new Set(rows.map(({ personId }) => personId))].toSorted(),
      transactions: [...new Set(rows.map(({ transaction }) => String(transaction)))],
    };
  }

  factsOf(person: Person): PersonFacts {
    return {
      personId: person.id,
      identity: {
        name: `見本　${person.id}`,
        nameKana: 'ﾐﾎﾝ',
        sex1: '1',
        birthdate: person.birthdate as CivilDate,
      },
      qualifications: person.coverages
        .toSorted((a, c) => (a.acquiredOn < c.acquiredOn ? -1 : 1))
        .map(({ id, insurer, number, acquiredOn, availableFrom, recordedAt, lostOn, lossRecordedAt }) => ({
          qualificationId: id,
          insurer: { ...insurer, scheme: 'shaho' as const },
          insuredCardClassification: '01',
          insuredCardSymbol: '12',
          insuredIdentificationNumber: number,
          insuredBranchNumber: '01',
          personalFamilyClassification: '1' as const,
          acquiredOn: acquiredOn as CivilDate,
          disabilityCertified: false,
          ...(lostOn === undefined || lossRecordedAt === undefined
            ? {}
            : { loss: { lostOn: lostOn as CivilDate, reasonOfLoss: '99' as const, recordedAt: lossRecordedAt } }),
          availableFrom: availableFrom as CivilDate,
          recordedAt,
          income: [],
          copayCertificates: [],
          limitCertificates: [],
          specificDiseases: [],
          tickets: [],
        })),
      referenceNumbers: [],
    };
  }

  card(serial: string): CardRecord | undefined {
    const first = this.credentials.get(serial);
    const person = first === undefined ? undefined : this.people.get(first.personId);
    if (first === undefined || person === undefined) return undefined;
    let last = first;
    for (let next = this.next(first); next !== undefined; next = this.next(next)) last = next;
    return {
      certificate: shown(first),
      ...(last === first ? {} : { successor: shown(last) }),
      person: this.factsOf(person),
    };
  }

  byNumber(insurerNumber: string, number: string): PersonFacts[] {
    return [...this.people.values()]
      .filter(({ coverages }) =>
        coverages.some((coverage) => coverage.insurer.insurerNumber === insurerNumber && coverage.number === number),
      )
      .map((person) => this.factsOf(person));
  }

  texts(ids: readonly string[], insurers: readonly string[]): PersonText[] {
    return ids.flatMap((id) => {
      const person = this.people.get(id);
      if (person === undefined) return [];
      const numbers = person.coverages.map(({ insurer, number }) => [insurer.insurerNumber, number] as const);
      if (insurers.length > 0 && !numbers.some(([insurer]) => insurers.includes(insurer))) return [];
      const certificates = [...this.credentials.values()]
        .filter(({ personId }) => personId === id)
        .toSorted((a, c) => (a.serial < c.serial ? -1 : 1))
        .map((credential) => ({
          ...shown(credential),
          ...(credential.supersededBy === undefined ? {} : { supersededBy: credential.supersededBy }),
        }));
      return [
        {
          personId: id,
          serials: certificates.map(({ serial }) => serial),
          numbers,
          text: JSON.stringify({ facts: this.factsOf(person), certificates, numbers }),
        },
      ];
    });
  }

  /** As `CredentialStore.name`: what took the place of one we know belongs to the same person. */
  name(certificates: readonly NamedCertificate[], namedAt: number, telling: Telling): void {
    this.write(() => {
      const changed: string[] = [];
      for (let linked = true; linked;) {
        linked = false;
        for (const { serial, supersedes, status, notAfter, supersededBy } of certificates) {
          const old = supersedes === undefined ? undefined : this.credentials.get(supersedes);
          if (old === undefined || this.credentials.has(serial)) continue;
          linked = true;
          changed.push(
            this.link({
              serial,
              personId: old.personId,
              status,
              verifiedAt: namedAt,
              ...(notAfter === undefined ? {} : { notAfter }),
              ...(supersededBy === undefined ? {} : { supersededBy }),
            }),
          );
        }
      }
      // Named twice in one statement it is either of the two that counts; here it is the first.
      const updated = new Set<string>();
      for (const { serial, status, notAfter, supersededBy } of certificates) {
        const held = this.credentials.get(serial);
        if (held === undefined || updated.has(serial)) continue;
        if (telling === 'changes' && isBack(held.status, status)) continue;
        const after = notAfter ?? held.notAfter;
        if (held.status === status && held.notAfter === after && held.supersededBy === supersededBy) continue;
        updated.add(serial);
        const { supersededBy: _before, ...rest } = held;
        this.credentials.set(serial, {
          ...rest,
          status,
          verifiedAt: namedAt,
          ...(after === undefined ? {} : { notAfter: after }),
          ...(supersededBy === undefined ? {} : { supersededBy }),
        });
        changed.push(held.personId);
      }
      return changed;
    });
  }

  get feedPosition(): FeedPosition | undefined {
    return this.feed;
  }

  savePosition(position: FeedPosition): void {
    if (
      this.feed === undefined ||
      this.feed.generation !== position.generation ||
      this.feed.position <= position.position
    )
      this.feed = position;
  }

  private next({ supersededBy }: Credential): Credential | undefined {
    return supersededBy === undefined ? undefined : this.credentials.get(supersededBy);
  }
}

const shown = ({ serial, status, notAfter, verifiedAt }: Credential): CardRecord['certificate'] => ({
  serial,
  status,
  ...(notAfter === undefined ? {} : { notAfter: notAfter as CivilDate }),
  verifiedAt,
});

/** `FactsStore`, on the simulated one. */
export class SimulatedFacts implements ReplicaSource, FactsSource {
  constructor(private readonly store: SimulatedStore) {}

  bySerial(serial: string): Promise<CardRecord | undefined> {
    return this.store.call(() => this.store.card(serial));
  }
  byNumber(insurerNumber: string, numberKey: string): Promise<readonly PersonFacts[]> {
    return this.store.call(() => this.store.byNumber(insurerNumber, numberKey));
  }
  standing(): Promise<Standing> {
    return this.store.call(() => this.store.standing);
  }
  countPeople(): Promise<number> {
    return this.store.call(() => this.store.people.size);
  }
  changesSince(watermark: string, heard: readonly string[]): Promise<Changes> {
    return this.store.call(() => this.store.changesSince(watermark, heard));
  }
  /** Two statements, and time for a commit between them. */
  async peopleAfter(personId: string, limit: number, insurers: readonly string[]): Promise<PeopleAfter> {
    const ids = await this.store.call(() =>
      [...this.store.people.keys()]
        .map(Number)
        .toSorted((a, c) => a - c)
        .filter((id) => id > Number(personId))
        .slice(0, limit)
        .map(String),
    );
    const last = ids.at(-1);
    if (last === undefined) return { people: [], last: undefined };
    return { people: await this.store.call(() => this.store.texts(ids, insurers)), last };
  }
  peopleOf(ids: readonly string[], insurers: readonly string[]): Promise<readonly PersonText[]> {
    return this.store.call(() => this.store.texts(ids, insurers));
  }
  prune(): Promise<void> {
    return this.store.call(() => {}, true);
  }
}

/** `CredentialStore`, on the simulated one. */
export class SimulatedCredentials {
  constructor(private readonly store: SimulatedStore) {}

  position(): Promise<FeedPosition | undefined> {
    return this.store.call(() => this.store.feedPosition);
  }
  async name(certificates: readonly NamedCertificate[], namedAt: number, telling: Telling): Promise<void> {
    if (certificates.length > 0) await this.store.call(() => this.store.name(certificates, namedAt, telling), true);
  }
  savePosition(position: FeedPosition): Promise<void> {
    return this.store.call(() => this.store.savePosition(position), true);
  }
}

/** `CheckStore`, on the simulated one. */
export class SimulatedChecks implements ShippedChecks {
  constructor(private readonly store: SimulatedStore) {}

  ship(checks: readonly ShippedCheck[], from: JournalPosition, to: JournalPosition): Promise<boolean> {
    return this.orUnavailable(() => {
      if (this.store.positions.get(from.writer)?.n !== from.n) return false;
      this.store.positions.set(from.writer, to);
      for (const check of checks) {
        this.store.places.set(`${to.writer} ${check.n}`, check);
        if (!this.store.checks.has(check.checkId)) this.store.checks.set(check.checkId, check);
      }
      return true;
    }, true);
  }
  positions(writers: readonly string[]): Promise<readonly JournalPosition[]> {
    return this.orUnavailable(() => writers.flatMap((writer) => this.store.positions.get(writer) ?? []));
  }
  begin(position: JournalPosition): Promise<void> {
    return this.orUnavailable(() => {
      if (!this.store.positions.has(position.writer)) this.store.positions.set(position.writer, position);
    }, true);
  }
  async find(): Promise<KeptAnswer | undefined> {
    throw new Error('nobody reads past checks in the simulation');
  }
  async list(): Promise<readonly ListedCheck[]> {
    throw new Error('nobody reads past checks in the simulation');
  }

  private async orUnavailable<T>(work: () => T, writes = false): Promise<T> {
    try {
      return await this.store.call(work, writes);
    } catch (error) {
      throw new RecordUnavailable({ cause: error });
    }
  }
}
