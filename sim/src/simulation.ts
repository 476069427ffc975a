import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { Logger } from '@nestjs/common';

import { AnswerUnavailable } from '../../apps/eligibility-api/src/check-in/answer-unavailable.js';
import type { Given } from '../../apps/eligibility-api/src/check-in/given.js';
import { BEHIND_MS, Machine, type Life } from './machine.js';
import { INVARIANTS, Oracle, verdictByCard, type Invariant, type Question } from './oracle.js';
import { PLANTS } from './plants.js';
import { Random } from './random.js';
import { OPERATIONS, REGISTRY_MODES, SimulatedRegistry, type RegistryMode } from './registry.js';
import { useFor } from './stand-ins.js';
import { INSURERS, SimulatedStore, STORE_MODES, type Coverage, type Person, type StoreMode } from './store.js';
import { VirtualTime } from './virtual-time.js';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * HOUR_MS;
/** 2026-11-20T00:00:00Z */
const BEGIN = 1_795_132_800_000;
/** Midnights in Tokyo in which a month begins, one of them a school year. */
const FIRSTS = ['2026-12-01', '2027-01-01', '2027-04-01'].map((day) => Date.parse(`${day}T00:00:00+09:00`));
const STEPS = 60;
/** Fresh again within this, after the faults stop. */
const LIVENESS_MS = 30_000;
/**
 * Three stories of four are looked at already now, and end where everybody is fresh and everything is on record: a third of what a story costs is
 * time in which nothing happens any more.
 */
const EARLY_MS = 12_000;
/** A transaction is killed after this (`transaction_timeout`). */
const TRANSACTION_MAX_MS = 10_000;
/** More than the keeper reads at once: it marks them first. */
const MANY_PEOPLE = 230;

const CLINIC = {
  caller: { clientId: 'clinic', scopes: new Set(['eligibility:check']), institutionCode: '1310000019' },
  purpose: 'treatment',
} as const;
const CONSENT = { limitApplicationCertificate: true, specificDiseases: false, pharmacists: true };

export interface Outcome {
  readonly seed: number;
  readonly digest: string;
  readonly steps: number;
  readonly simulatedMs: number;
  /** How often each kind of answer, and each kind of fault. */
  readonly answers: Readonly<Record<string, number>>;
  readonly faults: Readonly<Record<string, number>>;
  readonly violation?: {
    readonly invariant: Invariant | 'crash';
    readonly says: string;
    readonly detail: string;
    readonly step: number;
    readonly trace: readonly string[];
  };
}

export interface RunOptions {
  /** Memory-backed, where there is one. */
  readonly folder: string;
  readonly plant?: string;
  readonly trace?: (line: string) => void;
}

const civil = (ms: number): string => new Date(ms + 9 * HOUR_MS).toISOString().slice(0, 10);

/** One seed: a machine, its sources, some people, and what befalls them. */
class Simulation {
  private readonly random: Random;
  private readonly time: VirtualTime;
  private readonly store: SimulatedStore;
  private readonly registry: SimulatedRegistry;
  private readonly machine: Machine;
  private readonly oracle: Oracle;
  private readonly answers: Record<string, number> = {};
  private readonly faults: Record<string, number> = {};
  private readonly serials: string[] = [];
  private readonly strangers: string[] = [];
  private readonly lastVersions = new Map<string, string>();
  private readonly lines: string[] = [];
  private readonly digest = createHash('sha256');
  private people = 0;
  private coverages = 0;
  private questions = 0;
  /** Whoever waits for an answer of which process. */
  private readonly waiting = new Map<number, number>();
  private step = 0;
  private diskWellSince = Number.NEGATIVE_INFINITY;
  /** What ended a process, or would have. */
  private fallen: { readonly error: unknown } | undefined;
  private readonly begun: number;

  constructor(
    private readonly seed: number,
    private readonly options: RunOptions,
    folder: string,
  ) {
    // What befalls them does not depend on how many bytes of chance the code under test uses.
    this.random = new Random(seed);
    const random = new Random(seed + 0x10000000);
    this.time = new VirtualTime(this.beginning());
    this.begun = this.time.now;
    this.store = new SimulatedStore(this.time, random);
    this.registry = new SimulatedRegistry(this.time, random);
    const node = useFor({
      time: this.time,
      random: new Random(seed + 0x20000000),
      fetch: (url, init) => this.registry.fetch(Number(url.hostname.slice('process-'.length)), url, init),
    });
    const policy = {
      credentialMaxAgeMs: this.random.pick([10 * MINUTE_MS, HOUR_MS, DAY_MS]),
      coverageMaxAgeMs: this.random.pick([10 * MINUTE_MS, HOUR_MS, 3 * DAY_MS]),
      behindMaxAgeMs: this.random.pick([10 * MINUTE_MS, HOUR_MS]),
      freshForMs: 5_000,
    };
    this.machine = new Machine(
      folder,
      this.time,
      random,
      this.store,
      {
        workers: this.random.pick([0, 0, 0, 1, 2]),
        sealed: this.random.chance(0.5),
        sync: this.random.chance(0.7) ? 'second' : 'group',
        insurers: this.random.chance(0.1) ? [INSURERS[0]?.insurerNumber ?? ''] : [],
        policy,
      },
      node,
      options.plant === undefined ? undefined : PLANTS[options.plant]?.(),
    );
    this.oracle = new Oracle(this.time, this.store, this.registry, this.machine, policy);
  }

  /** Somewhere in three days, or in the last hours of a month or of a school year in Tokyo. */
  private beginning(): number {
    const { random } = this;
    if (random.chance(0.75)) return BEGIN + random.upTo(3 * 24) * HOUR_MS - random.upTo(10) * 1_000;
    return random.pick(FIRSTS) - random.pick([5_000, 2 * MINUTE_MS, HOUR_MS, 8 * HOUR_MS]) - random.upTo(10_000);
  }

  async run(): Promise<Outcome> {
    // Nobody waits for it, so it would end a process of ours. Here it ends the story.
    const fell = (error: unknown): void => {
      this.fallen ??= { error };
    };
    process.on('unhandledRejection', fell);
    process.on('uncaughtException', fell);
    try {
      await this.story();
    } catch (error) {
      fell(error);
    } finally {
      process.off('unhandledRejection', fell);
      process.off('uncaughtException', fell);
    }
    this.machine.stop();
    const { fallen } = this;
    const { violation } = this.oracle;
    return {
      seed: this.seed,
      digest: this.digest.digest('hex'),
      steps: this.step,
      simulatedMs: this.time.now - this.begun,
      answers: this.answers,
      faults: this.faults,
      ...(violation !== undefined
        ? {
            violation: {
              invariant: violation.invariant,
              says: INVARIANTS[violation.invariant],
              detail: violation.message,
              step: this.step,
              trace: this.lines.slice(-20),
            },
          }
        : fallen === undefined
          ? {}
          : {
              violation: {
                invariant: 'crash' as const,
                says: 'the code under test does not fall over',
                detail: fallen.error instanceof Error ? (fallen.error.stack ?? '') : String(fallen.error),
                step: this.step,
                trace: this.lines.slice(-20),
              },
            }),
    };
  }

  private get found(): boolean {
    return this.oracle.violation !== undefined || this.fallen !== undefined;
  }

  private async story(): Promise<void> {
    const crowd = this.random.chance(0.04) ? MANY_PEOPLE : this.random.between(4, 12);
    for (let i = 0; i < crowd; i += 1) this.enrolSince(this.time.now - this.random.between(1, 30) * DAY_MS);
    for (let i = 0; i < 2; i += 1) this.strangers.push(this.issue(`X${i}`));
    await this.machine.startMissing();
    await this.time.advance(this.random.pick([0, 0, 200, 3_000]));
    for (this.step = 1; this.step <= STEPS && !this.found; this.step += 1) await this.act();
    if (!this.found) await this.recover();
  }

  private async act(): Promise<void> {
    const { random } = this;
    const what = random.weighted({
      ask: 30,
      several: 10,
      burst: 3,
      moment: 12,
      while: 5,
      leap: 6,
      sleep: 2,
      midnight: 2.5,
      enrol: 4,
      lose: 4,
      jobChange: 4,
      many: 1,
      revoke: 3,
      renew: 3,
      registryFault: 7,
      registryBack: 4,
      storeFault: 6,
      storeBack: 4,
      diskFault: 1.5,
      diskBack: 2,
      crash: 2,
      powerCut: 1.2,
      killOne: 1.5,
      startMissing: 4,
      jump: 2.5,
      rotate: 0.8,
      outboxGap: 1,
      feedGap: 1.5,
      failOver: 0.5,
    });
    await this[what]();
    if (!this.found) await this.time.advance(random.pick([0, 5, 20, 60, 300]));
  }

  // --- questions

  private async ask(): Promise<void> {
    await this.askOne(this.someQuestion());
  }

  private async several(): Promise<void> {
    const n = this.random.between(3, 8);
    for (let i = 0; i < n; i += 1) await this.askOne(this.someQuestion());
  }

  /** Many who want it newer than it is kept, or whom nobody knows: each needs the registry. */
  private async burst(): Promise<void> {
    const n = this.random.between(12, 30);
    this.trace(`${n} ask the registry`);
    for (let i = 0; i < n; i += 1) {
      await this.askOne(
        this.random.chance(0.7)
          ? { card: this.someSerial(), maxAgeSeconds: 0 }
          : { card: this.random.pick(this.strangers) },
      );
      if (i % 5 === 0) await this.time.advance(this.random.between(1, 60));
    }
  }

  private someSerial(): string {
    return this.random.pick(this.serials);
  }

  private someQuestion(): Asking {
    const { random } = this;
    const day = random.chance(0.75)
      ? {}
      : { serviceDate: civil(this.time.now + random.pick([-40, -1, 1, 20]) * DAY_MS) };
    const consent = random.chance(0.3) ? { consent: CONSENT } : {};
    if (random.chance(0.2)) {
      const person = random.pick([...this.store.people.values()]);
      const coverage = random.pick(person.coverages);
      return {
        insured: {
          insurerNumber: coverage.insurer.insurerNumber,
          insuredIdentificationNumber: random.chance(0.1) ? '999' : coverage.number,
          birthdate: random.chance(0.05) ? '1970-01-01' : person.birthdate,
        },
        ...day,
        ...consent,
      };
    }
    const serial = random.chance(0.08)
      ? random.pick(this.strangers)
      : random.chance(0.04)
        ? 'FFFF0000FFFF0000'
        : this.someSerial();
    const held = this.lastVersions.get(serial);
    return {
      card: serial,
      ...day,
      ...consent,
      ...(random.chance(0.15) ? { maxAgeSeconds: random.pick([0, 0, 2, 60, 3_600]) } : {}),
      ...(held !== undefined && random.chance(0.15) ? { ifVersion: held } : {}),
    };
  }

  private async askOne(asking: Asking): Promise<void> {
    const { machine } = this;
    if (machine.answering.length === 0) return;
    const life = this.random.pick(machine.answering);
    await this.put(life, asking);
  }

  /** Puts a question; what comes of it is judged when it comes. */
  private async put(life: Life, { card, ...asking }: Asking, judge?: Judge): Promise<void> {
    const { time } = this;
    this.questions += 1;
    const number = this.questions;
    const request = { ...asking, ...(card === undefined ? {} : { card: { certificateSerial: card } }) };
    const { insured } = asking;
    const question: Question = {
      number,
      owner: life.owner,
      asked:
        insured === undefined
          ? { serial: card ?? '' }
          : {
              insurerNumber: insured.insurerNumber,
              number: insured.insuredIdentificationNumber,
              birthdate: insured.birthdate,
            },
      serviceDate: asking.serviceDate ?? civil(time.wall()),
      maxAgeMs: asking.maxAgeSeconds === undefined ? undefined : asking.maxAgeSeconds * 1_000,
      askedAt: time.now,
      askedRunning: time.running,
    };
    this.trace(`question ${number} to process ${life.owner}: ${JSON.stringify({ card, ...asking })}`);
    const knows = this.couldBeAnswered(life, question, card);
    this.wait(life.owner, 1);
    await time.as(life.owner, () => void this.hear(life, question, request, knows, judge));
  }

  private async hear(
    life: Life,
    question: Question,
    request: Parameters<Life['verify']['for']>[1],
    knows: boolean,
    judge: Judge | undefined,
  ): Promise<void> {
    const { oracle } = this;
    const { number } = question;
    let given: Given | undefined;
    try {
      given = await life.verify.for(CLINIC, request);
      if ('serial' in question.asked) this.lastVersions.set(question.asked.serial, given.record.answerVersion);
      this.trace(`answer ${number}: ${oracle.answered(question, given)}`, given.body);
      this.count(this.answers, `${given.verdict}${given.degraded ? ' (degraded)' : ''}`);
    } catch (error) {
      if (!(error instanceof AnswerUnavailable)) {
        oracle.crashed(question, error);
        return;
      }
      this.trace(`answer ${number}: unavailable, ${(error.details.cause as Error | undefined)?.message ?? ''}`);
      this.count(this.answers, 'unavailable');
      const diskIsWell = this.machine.disk === 'ok' && this.time.running - this.diskWellSince > 12_000;
      // Whoever lost coverage while they waited is nobody's known card any more.
      const isStill = this.isCoveredNow(question);
      oracle.refused(question, { ...error.details, cause: undefined }, knows && diskIsWell && isStill);
    } finally {
      this.wait(life.owner, -1);
    }
    judge?.(given, question);
  }

  /** Whether the replica that stands holds all that an ordinary question about somebody who is covered needs. */
  private couldBeAnswered({ reader }: Life, { maxAgeMs, serviceDate }: Question, serial: string | undefined): boolean {
    const { state } = reader;
    const { policy, insurers } = this.machine.options;
    const link = serial === undefined ? undefined : this.store.links.get(serial);
    const certificate = serial === undefined ? undefined : this.registry.certificates.get(serial);
    if (state === undefined || link === undefined || maxAgeMs !== undefined || this.machine.disk !== 'ok') return false;
    if (certificate === undefined || insurers.length > 0 || state.stale > 0) return false;
    const wall = this.time.wall();
    const asOf = this.time.trueOf(state.asOf).first;
    const confirmed = Math.min(state.certificatesConfirmedAt ?? 0, state.asOf);
    const held = this.store.history.get(link.personId) ?? [];
    const birthdate = this.store.people.get(link.personId)?.birthdate ?? '';
    const since = held.filter(
      ({ at }, n) => (held[n + 1]?.at ?? Number.POSITIVE_INFINITY) >= asOf - BEHIND_MS && at <= this.time.now,
    );
    return (
      state.asOf <= wall &&
      wall - state.asOf < Math.min(policy.coverageMaxAgeMs, policy.behindMaxAgeMs) - 10_000 &&
      wall - confirmed < policy.credentialMaxAgeMs - 10_000 &&
      link.at < asOf - BEHIND_MS &&
      since.every(({ coverages }) => verdictByCard({ coverages, birthdate }, serviceDate, civil(wall)) === 'valid')
    );
  }

  private isCoveredNow({ asked, serviceDate }: Question): boolean {
    const link = 'serial' in asked ? this.store.links.get(asked.serial) : undefined;
    const person = link === undefined ? undefined : this.store.people.get(link.personId);
    return person !== undefined && verdictByCard(person, serviceDate, civil(this.time.wall())) === 'valid';
  }

  // --- time

  private moment(): Promise<void> {
    return this.time.advance(this.random.between(50, 900));
  }

  private async while(): Promise<void> {
    const ms = this.random.between(1_000, 6_000);
    this.trace(`${ms} ms go by`);
    await this.time.advance(ms);
  }

  /** Minutes or hours, of which the machine is awake for moments. */
  private async leap(): Promise<void> {
    const ms = this.random.pick([2 * MINUTE_MS, 12 * MINUTE_MS, HOUR_MS, 5 * HOUR_MS]);
    this.trace(`${ms / MINUTE_MS} minutes go by, asleep but for moments`);
    for (let i = 0; i < 3 && !this.found; i += 1) {
      this.time.suspend(ms / 3);
      await this.time.advance(this.random.between(200, 1_200));
    }
  }

  /** Asleep until moments before a day ends by the machine's clock, and then awake across it, with questions on either side. */
  private async midnight(): Promise<void> {
    const { time, random } = this;
    const left = (): number => DAY_MS - ((time.wall() + 9 * HOUR_MS) % DAY_MS);
    this.fault('midnight', `the day ends in ${Math.round(left() / 1_000)} s`);
    const awake = random.between(500, 6_000);
    if (left() > awake) time.suspend(left() - awake);
    await this.time.advance(Math.max(0, left() - random.pick([1, 5, 40, 300])));
    if (!this.found) await this.several();
    // To the instant itself, or a moment behind it.
    await this.time.advance(left() + random.pick([0, 0, 1, 20, 200]));
    if (!this.found) await this.several();
  }

  private async sleep(): Promise<void> {
    const ms = this.random.between(1_000, 90_000);
    this.trace(`the machine sleeps for ${ms} ms`);
    this.time.suspend(ms);
  }

  private async jump(): Promise<void> {
    const ms = this.random.pick([-1, 1]) * this.random.pick([500, 3_000, 30_000, 5 * MINUTE_MS]);
    // Beyond five minutes it would be no jump but another clock.
    if (Math.abs(this.time.skew + ms) > 5 * MINUTE_MS) return;
    this.fault(`clock jumps`, `the clock jumps by ${ms} ms`);
    this.time.jump(ms);
  }

  // --- what becomes true

  private issue(holder: string, supersedes?: string): string {
    const serial = this.random
      .upTo(2 ** 52)
      .toString(16)
      .toUpperCase()
      .padStart(16, '0');
    const notAfter = civil(this.time.now + this.random.pick([-120, -30, 400, 1_000, 1_500]) * DAY_MS);
    this.registry.issue(serial, holder, notAfter, supersedes);
    return serial;
  }

  private coverage(acquiredOn: string, recordedAt: number): Coverage {
    this.coverages += 1;
    return {
      id: String(this.coverages),
      insurer: this.random.pick(INSURERS),
      number: String(10_000 + this.coverages),
      acquiredOn,
      availableFrom: acquiredOn,
      recordedAt,
    };
  }

  private async enrol(): Promise<void> {
    this.enrolSince(this.time.now);
  }

  /** Most are of an age in which nothing changes. The others reach 75, 70 or 6 in these days, by which their answers do. */
  private bornOn(): string {
    const { random } = this;
    if (random.chance(0.6)) return `19${random.between(70, 89)}-0${random.between(1, 9)}-15`;
    const day = civil(this.time.now + random.pick([-1, 0, 1, 1, 2, 8]) * DAY_MS);
    // Nobody is born on a 29th of February here: what becomes of them is the rule's own test.
    return `${Number(day.slice(0, 4)) - random.pick([75, 75, 70, 70, 6])}${day.slice(4)}`;
  }

  /** Somebody is enrolled with the card they hold, at once or in a transaction that takes its time. */
  private enrolSince(since: number): void {
    this.people += 1;
    const id = String(this.people);
    const serial = this.issue(id);
    const birthdate = this.bornOn();
    const acquiredOn = civil(since - this.random.between(0, 300) * DAY_MS);
    this.inTransaction(`${id} is enrolled with ${serial}`, (began) => {
      const person: Person = { id, birthdate, coverages: [this.coverage(acquiredOn, began)] };
      this.store.put(person);
      const version = this.registry.certificates.get(serial)?.versions.at(-1);
      // Whoever enrols somebody has asked the registry about their card.
      this.store.enrolled.set(serial, began);
      this.store.link({
        serial,
        personId: id,
        status: version?.status ?? 'good',
        verifiedAt: began,
        ...(version === undefined ? {} : { notAfter: version.notAfter }),
        ...(version?.supersededBy === undefined ? {} : { supersededBy: version.supersededBy }),
      });
      this.serials.push(serial);
      return [id];
    });
  }

  private isNear75(id: string): boolean {
    return Number(this.store.people.get(id)?.birthdate.slice(0, 4)) < 1955;
  }

  private somebody(): string {
    return this.random.pick([...this.store.people.keys()]);
  }

  private async lose(): Promise<void> {
    const id = this.somebody();
    const lostOn = civil(this.time.now + this.random.pick([-20, -1, 0, 0, 1]) * DAY_MS);
    this.inTransaction(`${id} loses coverage on ${lostOn}`, (began) => {
      const person = this.store.people.get(id) as Person;
      this.store.put({ ...person, coverages: person.coverages.map((one) => lost(one, lostOn, began)) });
      return [id];
    });
  }

  /** The old coverage ends and the new one begins in one filing; or the new one is filed first. */
  private async jobChange(): Promise<void> {
    const id = this.somebody();
    // Who is about to reach 75 stays where they are: nobody takes on coverage that the law has ended.
    if (this.isNear75(id)) return;
    const day = civil(this.time.now - this.random.pick([0, 0, 1, 10]) * DAY_MS);
    const together = this.random.chance(0.7);
    this.inTransaction(`${id} changes jobs on ${day}${together ? '' : ', the loss is filed later'}`, (began) => {
      const person = this.store.people.get(id) as Person;
      const before = together ? person.coverages.map((one) => lost(one, day, began)) : person.coverages;
      this.store.put({ ...person, coverages: [...before, this.coverage(day, began)] });
      return [id];
    });
  }

  /** A filing about more people than are read at once. */
  private async many(): Promise<void> {
    if (this.store.people.size <= 200) return;
    const day = civil(this.time.now);
    this.inTransaction(`everybody changes jobs`, (began) => {
      const ids = [...this.store.people.keys()].filter((id) => !this.isNear75(id));
      for (const id of ids) {
        const person = this.store.people.get(id) as Person;
        const before = person.coverages.map((one) => lost(one, day, began));
        this.store.put({ ...person, coverages: [...before, this.coverage(day, began)] });
      }
      return ids;
    });
  }

  private inTransaction(what: string, work: (began: number) => string[]): void {
    const { store, time, random } = this;
    const transaction = store.begin();
    const commit = (): void => {
      this.trace(`committed: ${what}`);
      store.commit(transaction, () => work(transaction.began));
    };
    if (this.step === 0 || random.chance(0.6)) return commit();
    const later = random.between(1, TRANSACTION_MAX_MS);
    this.trace(`a transaction of ${later} ms begins: ${what}`);
    time.after(later, commit);
  }

  private current(): string[] {
    return [...this.registry.certificates.values()]
      .filter(({ versions }) => versions.at(-1)?.status === 'good')
      .map(({ serial }) => serial);
  }

  private async revoke(): Promise<void> {
    const good = this.current();
    if (good.length === 0) return;
    const serial = this.random.pick(good);
    this.trace(`${serial} is revoked`);
    this.registry.change(serial, { status: 'revoked' });
  }

  private async renew(): Promise<void> {
    const good = this.current().filter((serial) => this.serials.includes(serial));
    if (good.length === 0) return;
    const old = this.random.pick(good);
    const holder = this.registry.certificates.get(old)?.holder ?? '';
    const serial = this.issue(holder, old);
    this.registry.change(old, { status: 'superseded', supersededBy: serial });
    this.serials.push(serial);
    this.trace(`${old} is renewed as ${serial}`);
  }

  // --- what goes wrong

  private async registryFault(): Promise<void> {
    const mode = this.random.pick(REGISTRY_MODES.filter((one) => one !== 'ok'));
    const which = this.random.chance(0.6) ? OPERATIONS : [this.random.pick(OPERATIONS)];
    const lag = this.random.pick([20_000, 10 * MINUTE_MS, 2 * HOUR_MS]);
    this.fault(`registry ${mode}`, `the registry is ${mode} (${which.join(', ')})`);
    if (mode === 'stale') this.registry.fallBehind(lag);
    for (const operation of which) this.registry.modes[operation] = mode;
  }

  private async registryBack(): Promise<void> {
    this.trace('the registry is well');
    for (const operation of OPERATIONS) this.registry.modes[operation] = 'ok' satisfies RegistryMode;
    if (this.registry.lag !== 0) this.registry.fallBehind(0);
  }

  private async storeFault(): Promise<void> {
    const mode = this.random.pick(STORE_MODES.filter((one) => one !== 'ok'));
    this.fault(`store ${mode}`, `the store is ${mode}`);
    this.store.mode = mode;
  }

  private async storeBack(): Promise<void> {
    this.trace('the store is well');
    this.store.mode = 'ok' satisfies StoreMode;
  }

  private async diskFault(): Promise<void> {
    const { machine } = this;
    machine.disk = this.random.pick(['full', 'sync-fails']);
    this.fault(`disk ${machine.disk}`, `the disk of the journal: ${machine.disk}`);
  }

  private async diskBack(): Promise<void> {
    if (this.machine.disk !== 'ok') this.diskWellSince = this.time.running;
    this.machine.disk = 'ok';
  }

  private async crash(): Promise<void> {
    this.fault('crash', 'all processes are killed');
    this.forget();
    this.machine.crash(false);
    if (this.random.chance(0.8)) await this.startMissing();
  }

  private async powerCut(): Promise<void> {
    this.fault('power cut', 'the power goes');
    this.forget();
    this.oracle.powerLost(this.machine.crash(true), this.machine.options.sync);
    this.time.suspend(this.random.pick([5_000, MINUTE_MS, HOUR_MS]));
    await this.startMissing();
  }

  private async killOne(): Promise<void> {
    const { machine } = this;
    if (machine.options.workers === 0 || machine.lives.length === 0) return;
    const life = this.random.pick(machine.lives);
    this.fault(`${life.role} killed`, `process ${life.owner} (${life.role}) is killed`);
    this.oracle.ended(life.owner);
    this.waiting.delete(life.owner);
    machine.kill(life);
  }

  private async startMissing(): Promise<void> {
    await this.machine.startMissing();
    this.trace(`running: ${this.machine.lives.map(({ owner, role }) => `${owner} ${role}`).join(', ')}`);
  }

  private async rotate(): Promise<void> {
    this.fault('keys rotated', 'all processes are stopped, keys are rotated');
    this.forget();
    this.machine.crash(false);
    this.machine.rotateKeys();
    await this.startMissing();
  }

  private async outboxGap(): Promise<void> {
    this.fault('outbox pruned', 'the outbox is pruned');
    this.store.prune(this.time.now - this.random.pick([0, MINUTE_MS, HOUR_MS]));
  }

  private async feedGap(): Promise<void> {
    if (this.random.chance(0.6)) {
      this.fault('feed truncated', "the registry's feed forgets its beginning");
      this.registry.truncate();
    } else if (this.registry.lag === 0) {
      this.fault('registry begins anew', "the registry's data begin another life");
      this.registry.beginAnew();
    }
  }

  private async failOver(): Promise<void> {
    this.fault('store failed over', 'a standby takes over');
    this.store.failOver();
  }

  private forget(): void {
    for (const { owner } of this.machine.lives) this.oracle.ended(owner);
    this.waiting.clear();
  }

  // --- the end

  /** All is well again; within thirty seconds everybody is answered, as it is now, and everything is on record. */
  private async recover(): Promise<void> {
    this.trace('all faults stop');
    await this.registryBack();
    await this.storeBack();
    await this.diskBack();
    await this.startMissing();
    const isEarly = this.seed % 4 !== 0;
    if (!isEarly || !(await this.isFreshEarly())) {
      await this.time.advance(isEarly ? LIVENESS_MS - EARLY_MS : LIVENESS_MS);
      await this.askAll((given, question) => this.oracle.mustBeFresh(question, given));
      await this.time.advance(6_000);
    }
    if (this.found) return;
    this.oracle.nothingWaits(this.underWay);
    // A last round of shipping may have been under way when the last answer was recorded.
    if (!isEarly || !this.oracle.isAllInStore) await this.time.advance(2_000);
    if (!this.found) this.oracle.allOnRecord();
  }

  private async isFreshEarly(): Promise<boolean> {
    await this.time.advance(EARLY_MS);
    let isFresh = true;
    await this.askAll((given) => {
      if (given === undefined || given.degraded) isFresh = false;
    });
    // Two rounds of shipping.
    await this.time.advance(600);
    return isFresh && this.underWay === 0;
  }

  private async askAll(judge: Judge): Promise<void> {
    const all = [...this.serials.slice(-10), ...this.strangers.slice(0, 1)];
    for (const life of this.machine.answering)
      for (const card of all) {
        if (this.found) return;
        await this.put(life, { card }, judge);
      }
  }

  private get underWay(): number {
    return [...this.waiting.values()].reduce((sum, n) => sum + n, 0);
  }

  private wait(owner: number, more: number): void {
    this.waiting.set(owner, (this.waiting.get(owner) ?? 0) + more);
  }

  private fault(kind: string, text: string): void {
    this.count(this.faults, kind);
    this.trace(text);
  }

  private count(counts: Record<string, number>, what: string): void {
    counts[what] = (counts[what] ?? 0) + 1;
  }

  private trace(text: string, more = ''): void {
    const line = `${String(this.step).padStart(3)} ${new Date(this.time.now).toISOString().slice(5, 23)} ${text}`;
    this.digest.update(`${line} ${more}\n`);
    this.lines.push(line);
    if (this.lines.length > 200) this.lines.splice(0, 100);
    this.options.trace?.(line);
  }
}

/** What else is wanted of an answer; undefined where there was none. */
type Judge = (given: Given | undefined, question: Question) => void;

interface Asking {
  readonly card?: string;
  readonly insured?: {
    readonly insurerNumber: string;
    readonly insuredIdentificationNumber: string;
    readonly birthdate: string;
  };
  readonly serviceDate?: string;
  readonly consent?: typeof CONSENT;
  readonly maxAgeSeconds?: number;
  readonly ifVersion?: string;
}

/** A loss ends what has not ended, and not before it began. */
const lost = (coverage: Coverage, day: string, recordedAt: number): Coverage =>
  coverage.lostOn === undefined
    ? { ...coverage, lostOn: day < coverage.acquiredOn ? coverage.acquiredOn : day, lossRecordedAt: recordedAt }
    : coverage;

export const runSeed = async (seed: number, options: RunOptions): Promise<Outcome> => {
  Logger.overrideLogger(false);
  const folder = join(options.folder, String(seed));
  mkdirSync(folder, { recursive: true });
  try {
    return await new Simulation(seed, options, folder).run();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
