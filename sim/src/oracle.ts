import { createHash } from 'node:crypto';

import type { Given } from '../../apps/eligibility-api/src/check-in/given.js';
import type { FreshnessPolicy } from '../../apps/eligibility-api/src/check-in/freshness-policy.js';
import {
  AWAY_AFTER_MS,
  BEHIND_MS,
  BREAKER_RESET_MS,
  REGISTRY_TIMEOUT_MS,
  type Machine,
  type Written,
} from './machine.js';
import type { SimulatedRegistry } from './registry.js';
import type { Coverage, SimulatedStore, Version } from './store.js';
import type { VirtualTime } from './virtual-time.js';

/*
 * What may be answered, worked out a second time from what is true and from what each source has said. Nothing here comes from
 * the code under test: a rule that were shared would be wrong in both.
 */

export const INVARIANTS = {
  I1: 'valid only if a source said so of this person, within policy',
  I2: 'no copay, and nobody else’s facts, where it is not known that they hold',
  I3: 'every answer within its deadline',
  I4: 'exactly one record for every answer that left, and the chain verifies',
  I5: 'what a process has told is never un-told by something older',
  I6: 'calls to the registry within their budget',
  I7: 'fresh again within 30 s after the faults stop',
  I8: 'verdicts 2 to 5 only from a source that is complete up to policy',
  I9: 'a known card is answered while the replica stands',
  I10: 'an answer that is not marked as degraded is no older than a fresh one may be',
} as const;
export type Invariant = keyof typeof INVARIANTS;

export class Violation extends Error {
  constructor(
    readonly invariant: Invariant,
    detail: string,
  ) {
    super(detail);
    this.name = 'Violation';
  }
}

/** A question put to a process, and what is needed to judge its answer. */
export interface Question {
  readonly number: number;
  readonly owner: number;
  readonly asked:
    | { readonly serial: string }
    | { readonly insurerNumber: string; readonly number: string; readonly birthdate: string };
  readonly serviceDate: string;
  readonly maxAgeMs: number | undefined;
  readonly askedAt: number;
  readonly askedRunning: number;
}

/** Between asking a source and what it said being put to use: one statement, one call, and a turn of the event loop. */
const UNDER_WAY_MS = 2_500;
/** Facts of a person (through two renewals where it has to be), as often the registry, and the record straight to the store behind another. */
const DEADLINE_MS = 4 * 1_000 + 3 * (REGISTRY_TIMEOUT_MS + 50) + 3 * 1_000 + 450;
const IN_FLIGHT_MAX = 100;
/** Half of ten calls in a window of 3 s, whose oldest half second may already have gone. */
const FAILURES_TO_OPEN = 10;
const WINDOW_MS = 2_400;
/** A probe is sent by a task that looks four times a second. */
const PROBE_SLACK_MS = 50;

const DAY_MS = 86_400_000;
const dayOf = (wall: number): string => new Date(wall + 9 * 3_600_000).toISOString().slice(0, 10);

const negatives = new Set(['invalid', 'invalid-newer-exists', 'not-found', 'multiple']);

/** Days are text, which compares as days do. */
const birthday = (birthdate: string, age: number): string =>
  `${Number(birthdate.slice(0, 4)) + age}${birthdate.slice(4)}`;

/** The day before: on it an age is reached. */
const dayBefore = (day: string): string => new Date(Date.parse(day) - DAY_MS).toISOString().slice(0, 10);

/** On the 75th birthday every insurance that the simulation knows is over, filed or not. */
const isOver75 = (birthdate: string, day: string): boolean => birthday(birthdate, 75) <= day;

/** Days on which only some people's answers change: their 75th birthday, the 1st after 70 is reached, the 1st of April after 6 is. */
const rateOn = (birthdate: string, day: string): number | undefined => {
  const sixth = dayBefore(birthday(birthdate, 6));
  const schoolYear = Number(sixth.slice(0, 4)) + (sixth.slice(5) <= '03-31' ? 0 : 1);
  if (day <= `${schoolYear}-03-31`) return 20;
  // From 70 on it follows income, of which nothing is on record here.
  return day.slice(0, 7) > dayBefore(birthday(birthdate, 70)).slice(0, 7) ? undefined : 30;
};

const covers = (coverage: Coverage, birthdate: string, day: string, today: string): boolean =>
  coverage.acquiredOn <= day &&
  (coverage.lostOn === undefined || day < coverage.lostOn) &&
  !isOver75(birthdate, day) &&
  coverage.availableFrom <= today;

const ended = (coverage: Coverage, birthdate: string, day: string): boolean =>
  isOver75(birthdate, day) || (coverage.lostOn !== undefined && coverage.lostOn <= day);

interface Whose {
  readonly coverages: readonly Coverage[];
  readonly birthdate: string;
}

export const verdictByCard = ({ coverages, birthdate }: Whose, day: string, today: string): string => {
  const held = coverages.filter((one) => covers(one, birthdate, day, today)).length;
  if (held > 1) return 'multiple';
  if (held === 1) return 'valid';
  return coverages.some((one) => ended(one, birthdate, day)) ? 'invalid' : 'not-found';
};

const verdictByNumber = (
  { coverages, birthdate }: Whose,
  insurerNumber: string,
  number: string,
  day: string,
  today: string,
): string => {
  const meant = coverages.filter((one) => one.insurer.insurerNumber === insurerNumber && one.number === number);
  if (meant.length === 0) return 'not-found';
  const held = coverages.filter((one) => covers(one, birthdate, day, today)).length;
  if (meant.some((one) => covers(one, birthdate, day, today))) return held > 1 ? 'multiple' : 'valid';
  if (!meant.some((one) => ended(one, birthdate, day))) return 'not-found';
  return held > 0 ? 'invalid-newer-exists' : 'invalid';
};

/** End of the third month after the month in which a certificate expires. */
const graceEnd = (notAfter: string): string => {
  const [year = 0, month = 0] = notAfter.split('-').map(Number);
  return new Date(Date.UTC(year, month + 3, 0)).toISOString().slice(0, 10);
};

const stateByDate = (notAfter: string, today: string): string =>
  today <= notAfter ? 'valid' : today <= graceEnd(notAfter) ? 'grace' : 'expired';

/** The highest of what has been told, and when. */
class Told {
  private readonly entries: { readonly at: number; readonly least: number }[] = [];

  at(instant: number): number {
    return this.entries.findLast(({ at }) => at <= instant)?.least ?? -1;
  }

  tell(at: number, least: number): void {
    const highest = this.entries.at(-1)?.least ?? -1;
    if (least > highest) this.entries.push({ at, least });
  }
}

/** How one process has been doing with the registry. */
interface Caller {
  underWay: number;
  /** Ends of calls, newest last. */
  /** Begins of calls, in running time, newest last. */
  readonly begins: number[];
  readonly ends: { readonly running: number; readonly failed: boolean }[];
  /** Since when its breaker has to be open; undefined while nothing says so. */
  openSince: number | undefined;
  lastBegan: number | undefined;
}

interface Body {
  readonly unchanged?: true;
  readonly verdict?: string;
  readonly credential?: { readonly state: string; readonly verifiedAt?: string };
  readonly results?: readonly {
    readonly name: string;
    readonly copay?: { readonly ratePercent?: number };
  }[];
  readonly freshness: {
    readonly source: string;
    readonly asOf: string;
    readonly degraded?: { readonly reason: string; readonly since: string };
  };
}

export class Oracle {
  /** Digests of answers that left, by check. */
  private readonly left = new Map<string, { digest: string; running: number }>();
  private readonly toldCoverage = new Map<string, Told>();
  private readonly toldCertificate = new Map<string, Told>();
  private readonly callers = new Map<number, Caller>();
  /** The first thing that was wrong, wherever it came to light. */
  violation: Violation | undefined;

  constructor(
    private readonly time: VirtualTime,
    private readonly store: SimulatedStore,
    private readonly registry: SimulatedRegistry,
    private readonly machine: Machine,
    private readonly policy: FreshnessPolicy,
  ) {
    registry.watch = {
      began: (process) => this.guard(() => this.callBegan(process)),
      ended: (process, failed) => this.callEnded(process, failed),
    };
  }

  /** Judges an answer as it leaves. Returns what is traced of it. */
  answered(question: Question, given: Given): string {
    const { time } = this;
    const { record } = given;
    const body = JSON.parse(Buffer.from(given.body, 'latin1').toString('utf8')) as Body;
    const digest = createHash('sha256').update(given.body, 'latin1').digest('hex');
    this.guard(() => {
      this.withinDeadline(question);
      if (!this.machine.onRecord.has(given.checkId)) this.fail('I4', `check ${given.checkId} left without a record`);
      if (this.left.has(given.checkId)) this.fail('I4', `check ${given.checkId} left twice`);
      this.left.set(given.checkId, { digest, running: time.running });
      if (body.unchanged === undefined && body.verdict !== record.verdict)
        this.fail('I4', `the record says ${record.verdict}, the answer ${body.verdict}`);
      if ('serial' in question.asked) this.byCard(question, question.asked.serial, record, body);
      else this.byNumber(question, question.asked, record, body);
    });
    const degraded = body.freshness.degraded?.reason;
    return `${record.verdict}/${record.credentialState} ${body.freshness.source}${degraded === undefined ? '' : ` ${degraded}`} ${digest.slice(0, 8)}`;
  }

  /** Judges a refusal. `details` is what the reply would hold. */
  refused(question: Question, details: unknown, knew: boolean): void {
    this.guard(() => {
      this.withinDeadline(question);
      const text = JSON.stringify(details);
      if (/copay|ratePercent|"results"|"verdict"/.test(text)) this.fail('I2', `a refusal tells facts: ${text}`);
      if (!text.includes('fallback')) this.fail('I2', 'a refusal does not say what the clerk asks for instead');
      if (knew) this.fail('I9', `question ${question.number} could have been answered from the replica, and was not`);
    });
  }

  /** Neither an answer nor "cannot be found out". */
  crashed({ number }: Question, error: unknown): void {
    this.violation ??= new Violation('I9', `question ${number} fell over: ${(error as Error).stack ?? String(error)}`);
  }

  /** Long after the last question, nobody waits for an answer. */
  nothingWaits(questions: number): void {
    this.guard(() => {
      if (questions > 0) this.fail('I3', `${questions} questions were never answered`);
    });
  }

  /** What an answer must say when nothing is wrong and has not been for 30 s. */
  mustBeFresh(question: Question, given: Given | undefined): void {
    this.guard(() => {
      if (given === undefined) this.fail('I7', `question ${question.number} is not answered though nothing is wrong`);
      if (given.degraded)
        this.fail('I7', `question ${question.number} is answered as degraded though nothing is wrong`);
    });
  }

  /** After power was lost: what was answered and is on no disk must have been written within the last second. */
  powerLost(lines: Written['lines'], sync: 'second' | 'group'): void {
    this.guard(() => {
      for (const { id, at, mayBeLost } of lines) {
        const answer = id === undefined ? undefined : this.left.get(id);
        if (id === undefined || answer === undefined || this.store.checks.has(id)) continue;
        if (mayBeLost && sync === 'second') {
          // A disk that says it could not write has promised nothing, and nobody syncs for a process that has died.
          this.left.delete(id);
          continue;
        }
        if (sync === 'group') this.fail('I4', `check ${id} had left and was not durable`);
        if (this.time.running - at > 1_000)
          this.fail('I4', `check ${id} was lost with the power ${this.time.running - at} ms after it was written`);
        this.left.delete(id);
      }
    });
  }

  /** A process has forgotten what it told. */
  ended(owner: number): void {
    for (const told of [this.toldCoverage, this.toldCertificate])
      for (const key of told.keys()) if (key.startsWith(`${owner} `)) told.delete(key);
    this.callers.delete(owner);
  }

  get isAllInStore(): boolean {
    return [...this.left.keys()].every((id) => this.store.checks.has(id));
  }

  /** When everything is shipped: every answer is in the store once, as it was given, and every chain follows. */
  allOnRecord(): void {
    this.guard(() => {
      for (const [id, { digest }] of this.left) {
        const stored = this.store.checks.get(id);
        if (stored === undefined) this.fail('I4', `check ${id} has left and is not in the store`);
        if (stored.digest.toString('hex') !== digest) this.fail('I4', `check ${id} is in the store as another answer`);
      }
      this.chains();
    });
  }

  get answers(): number {
    return this.left.size;
  }

  private chains(): void {
    const writers = Map.groupBy(this.machine.written.values(), ({ writer }) => writer);
    for (const [writer, files] of writers) {
      let previous = writer;
      let n = 0;
      for (const { text, segment } of files.toSorted((a, c) => a.segment - c.segment)) {
        for (const line of text.split('\n')) {
          if (line === '' || line.startsWith('{"journal"')) continue;
          const end = line.lastIndexOf(',"hash":"');
          const { n: number, id, hash } = JSON.parse(line) as { n: number; id: string; hash: string };
          const wanted = createHash('sha256')
            .update(`${previous}\n${line.slice(0, end)}`)
            .digest('base64url');
          for (let gone = n + 1; gone < number; gone += 1)
            if (!this.machine.lostPlaces.has(`${writer} ${gone}`))
              this.fail('I4', `${writer} ${segment}: record ${number} follows ${n}`);
          if (number === n + 1 && hash !== wanted)
            this.fail('I4', `${writer} ${segment}: the chain breaks at record ${number}`);
          const stored = this.store.places.get(`${writer} ${number}`);
          if (stored === undefined) this.fail('I4', `${writer}: record ${number} is not in the store`);
          if (stored.checkId !== id || stored.hash.toString('base64url') !== hash)
            this.fail('I4', `${writer}: record ${number} is in the store as another one`);
          [previous, n] = [hash, number];
        }
      }
    }
  }

  private withinDeadline({ number, askedRunning }: Question): void {
    const took = this.time.running - askedRunning;
    if (took > DEADLINE_MS) this.fail('I3', `question ${number} took ${took} ms`);
  }

  private byCard(question: Question, serial: string, record: Given['record'], body: Body): void {
    const { time, store, registry } = this;
    const now = time.now;
    const today = dayOf(record.checkedAt);
    const link = this.linkOf(serial);
    const { reason } = body.freshness.degraded ?? {};
    const coverageAway = reason === 'database-unavailable' || reason === 'replica-behind';
    const from = this.coverageFrom(question, body, coverageAway);

    // Coverage: what was committed of the one person this card leads to, at some instant that the source may speak of.
    // A registry whose copy is old may not know a card that nobody of ours was named as the holder of.
    const isNews = (store.links.get(serial)?.at ?? now) > from && registry.isUnheardOf(serial, question.askedAt, now);
    const unlinked = link === undefined || link.at > from || isNews;
    const versions = link === undefined ? [] : within(store.history.get(link.personId) ?? [], from, now);
    const birthdate = link === undefined ? '' : this.birthdateOf(link.personId);
    const verdict = ({ coverages }: Version): string =>
      verdictByCard({ coverages, birthdate }, question.serviceDate, today);
    const agreeing = versions.filter(({ version }) => verdict(version) === record.verdict);
    const isAboutNobody =
      record.verdict === 'not-found' && unlinked && !['valid', 'grace', 'superseded'].includes(record.credentialState);
    if (agreeing.length === 0 && !isAboutNobody)
      this.fail(
        negatives.has(record.verdict) ? 'I8' : 'I1',
        `${serial} is answered ${record.verdict}/${record.credentialState} (${reason ?? 'not degraded'}); true since ${ago(now, from)} was ${
          versions.map(({ version }) => verdict(version)).join(', ') || 'nothing'
        }${unlinked ? ' or nobody' : ''}`,
      );
    if (coverageAway && negatives.has(record.verdict))
      this.fail('I8', `${serial} is answered ${record.verdict} from facts that may not be all`);
    if (link !== undefined && !isAboutNobody)
      this.tell(
        this.toldCoverage,
        `${question.owner} ${serial}`,
        question,
        agreeing.map(({ n }) => n),
        'coverage',
      );
    this.shown(body, record, link?.personId, question.serviceDate);

    // The certificate: what the registry would have said since the instant it is said to have been asked.
    const verifiedText = body.credential?.verifiedAt;
    if (verifiedText === undefined) {
      if (body.unchanged === undefined) this.fail('I1', 'an answer to a card does not say when it was verified');
      return;
    }
    const verified = Date.parse(verifiedText);
    const enrolled = store.enrolled.get(serial);
    const shown = time.trueOf(verified);
    const { first, last } =
      enrolled === verified ? { first: Math.min(verified, shown.first), last: Math.max(verified, shown.last) } : shown;
    const isSaid =
      enrolled === verified ||
      registry.said.some(
        ({ askedAt, heardAt, serial: about }) =>
          askedAt >= first - 1 && heardAt <= now && (about === undefined || about === serial),
      );
    if (!isSaid) this.fail('I1', `the registry did not say anything about ${serial} since ${ago(now, first)}`);
    const oldest = this.policy.credentialMaxAgeMs + time.setBackSince(first) + UNDER_WAY_MS;
    if (question.askedAt - last > oldest)
      this.fail('I1', `the registry's word on ${serial} is ${question.askedAt - last} ms old`);
    const fresh = BEHIND_MS + AWAY_AFTER_MS + time.setBackSince(first) + UNDER_WAY_MS;
    if (reason === undefined && question.askedAt - last > fresh)
      this.fail('I10', `the registry's word on ${serial} is ${question.askedAt - last} ms old and nothing says so`);

    // Since then at the earliest, and what has become true meanwhile is not wrong either: whoever enrolled its holder may have
    // heard of it from a registry that was further on than the copy which answers now.
    const heard = registry.versionsWithin(serial, first, now);
    const newest = registry.certificates.get(serial)?.versions.length ?? 0;
    const oldestHeard = registry.isUnheardOf(serial, first, now) ? 0 : Math.min(...heard);
    const told = Array.from({ length: newest }, (_, n) => n).filter((n) => n >= oldestHeard);
    const states = told.filter((n) => this.statesOf(serial, n, today, isAboutNobody).has(record.credentialState));
    const isUnknown = registry.certificates.get(serial) === undefined || registry.isUnheardOf(serial, first, now);
    if (states.length === 0 && !(isUnknown && isAboutNobody && record.credentialState === 'not-registered'))
      this.fail(
        'I1',
        `${serial} is answered ${record.credentialState}; since ${ago(now, first)} the registry said ${
          told.map((n) => registry.certificates.get(serial)?.versions[n]?.status).join(', ') || 'nothing'
        }`,
      );
    if (states.length > 0)
      this.tell(this.toldCertificate, `${question.owner} ${serial}`, question, states, 'certificate');
  }

  private byNumber(
    question: Question,
    { insurerNumber, number, birthdate }: Extract<Question['asked'], { insurerNumber: string }>,
    record: Given['record'],
    body: Body,
  ): void {
    const { time, store } = this;
    const today = dayOf(record.checkedAt);
    const { reason } = body.freshness.degraded ?? {};
    const coverageAway = reason === 'database-unavailable' || reason === 'replica-behind';
    const from = this.coverageFrom(question, body, coverageAway);
    const owner = store.holderOf(insurerNumber, number);
    const isMeant = owner !== undefined && store.people.get(owner)?.birthdate === birthdate;
    const versions = isMeant ? within(store.history.get(owner) ?? [], from, time.now) : [];
    const verdict = ({ coverages }: Version): string =>
      verdictByNumber({ coverages, birthdate }, insurerNumber, number, question.serviceDate, today);
    const agreeing = versions.filter(({ version }) => verdict(version) === record.verdict);
    const nobodyYet = !isMeant || (store.history.get(owner)?.[0]?.at ?? 0) > from;
    if (agreeing.length === 0 && !(record.verdict === 'not-found' && nobodyYet))
      this.fail(
        negatives.has(record.verdict) ? 'I8' : 'I1',
        `${insurerNumber} ${number} is answered ${record.verdict} (${reason ?? 'not degraded'}); true since ${ago(time.now, from)} was ${
          versions.map(({ version }) => verdict(version)).join(', ') || 'nothing'
        }`,
      );
    if (coverageAway && negatives.has(record.verdict))
      this.fail('I8', `${insurerNumber} ${number} is answered ${record.verdict} from facts that may not be all`);
    if (isMeant && agreeing.length > 0)
      this.tell(
        this.toldCoverage,
        `${question.owner} ${insurerNumber} ${number}`,
        question,
        agreeing.map(({ n }) => n),
        'coverage',
      );
    this.shown(body, record, owner, question.serviceDate);
  }

  /** The earliest instant of which the coverage in an answer may be; checks that it is within policy. */
  private coverageFrom(question: Question, body: Body, away: boolean): number {
    const { time, policy } = this;
    const { degraded } = body.freshness;
    if (!away || degraded === undefined) return question.askedAt - BEHIND_MS - UNDER_WAY_MS;
    const { first, last } = time.trueOf(Date.parse(degraded.since));
    const oldest = degraded.reason === 'replica-behind' ? policy.behindMaxAgeMs : policy.coverageMaxAgeMs;
    if (question.askedAt - last > oldest + time.setBackSince(first) + UNDER_WAY_MS)
      this.fail('I1', `coverage of ${ago(question.askedAt, last)} is answered from`);
    return first - UNDER_WAY_MS;
  }

  private birthdateOf(personId: string): string {
    return this.store.people.get(personId)?.birthdate ?? '';
  }

  private shown(body: Body, record: Given['record'], personId: string | undefined, serviceDate: string): void {
    for (const { name, copay } of body.results ?? []) {
      if (!['valid', 'grace', 'superseded', 'not-applicable'].includes(record.credentialState))
        this.fail('I2', `facts are shown with a card that is ${record.credentialState}`);
      if (name !== `見本　${personId}`) this.fail('I2', `facts of ${name} are shown, asked about ${personId}`);
      if (copay !== undefined && !['valid', 'multiple', 'invalid-newer-exists'].includes(record.verdict))
        this.fail('I2', `a rate is shown with ${record.verdict}`);
      const rate = rateOn(this.birthdateOf(personId ?? ''), serviceDate);
      if (copay?.ratePercent !== undefined && copay.ratePercent !== rate)
        this.fail('I2', `a rate of ${copay.ratePercent} is shown to somebody who pays ${rate} on ${serviceDate}`);
      if (copay !== undefined && rate !== undefined && copay.ratePercent === undefined)
        this.fail('I2', `no rate is shown to somebody who pays ${rate} on ${serviceDate}`);
    }
  }

  /** What a version of a certificate makes of a card, on a day. */
  private statesOf(serial: string, n: number, today: string, aboutNobody: boolean): Set<string> {
    const version = this.registry.certificates.get(serial)?.versions[n];
    if (version === undefined) return new Set();
    switch (version.status) {
      case 'revoked':
        return new Set(['revoked']);
      case 'good': {
        const state = stateByDate(version.notAfter, today);
        // Nobody of ours holds it: a good card that proves nothing.
        return new Set(aboutNobody && state !== 'expired' ? ['not-registered'] : [state]);
      }
      case 'superseded': {
        // A successor that nobody has named yet leaves a card that proves nothing.
        const states = new Set(['revoked']);
        const { supersededBy } = version;
        if (supersededBy === undefined) return states;
        const newest = this.registry.certificates.get(supersededBy)?.versions.length ?? 0;
        for (let next = 0; next < newest; next += 1)
          for (const state of this.statesOf(supersededBy, next, today, false))
            states.add(['valid', 'grace'].includes(state) ? 'superseded' : state);
        return states;
      }
    }
  }

  /** Since when a serial leads to whom, by itself or through one whose place it took. */
  private linkOf(serial: string): { readonly personId: string; readonly at: number } | undefined {
    let found: { personId: string; at: number } | undefined;
    for (
      let next: string | undefined = serial;
      next !== undefined;
      next = this.registry.certificates.get(next)?.supersedes
    ) {
      const link = this.store.links.get(next);
      if (link !== undefined && (found === undefined || link.at < found.at)) found = link;
    }
    return found;
  }

  private tell(
    told: Map<string, Told>,
    key: string,
    { askedAt, number }: Question,
    candidates: readonly number[],
    what: string,
  ): void {
    const known = told.get(key) ?? new Told();
    told.set(key, known);
    const least = known.at(askedAt);
    if (Math.max(...candidates) < least)
      this.fail(
        'I5',
        `question ${number}: ${what} of version ${Math.max(...candidates)} after version ${least} was told (${key})`,
      );
    known.tell(this.time.now, Math.min(...candidates.filter((n) => n >= least)));
  }

  private callBegan(process: number): void {
    const caller = this.callerOf(process);
    caller.underWay += 1;
    if (caller.underWay > IN_FLIGHT_MAX) this.fail('I6', `process ${process} has ${caller.underWay} calls under way`);
    const { openSince, lastBegan } = caller;
    const { now } = this.time;
    // The breaker may have opened a little before it had to, so that the first call after that is a probe whenever it comes.
    if (openSince !== undefined && lastBegan !== undefined && lastBegan > openSince) {
      const since = now - lastBegan;
      if (since < BREAKER_RESET_MS - PROBE_SLACK_MS)
        this.fail(
          'I6',
          `process ${process} asks a registry that has failed all the time, ${since} ms after it did before`,
        );
    }
    caller.lastBegan = now;
    caller.begins.push(this.time.running);
    if (caller.begins.length > 400) caller.begins.shift();
  }

  private callEnded(process: number, failed: boolean): void {
    const caller = this.callerOf(process);
    caller.underWay -= 1;
    // Windows are turned over by a timer, which sleeps with the machine.
    const { running } = this.time;
    caller.ends.push({ running, failed });
    if (caller.ends.length > 200) caller.ends.shift();
    if (!failed) {
      caller.openSince = undefined;
      return;
    }
    const lately = caller.ends.filter((end) => end.running >= running - WINDOW_MS);
    const before = caller.ends.filter((end) => end.running >= running - 3_500);
    const begun = (withinMs: number): number => caller.begins.filter((began) => began >= running - withinMs).length;
    const isManifest =
      lately.length >= FAILURES_TO_OPEN &&
      begun(WINDOW_MS) >= FAILURES_TO_OPEN &&
      lately.length > begun(3_500) / 2 &&
      before.every((end) => end.failed);
    if (isManifest) caller.openSince ??= this.time.now;
  }

  private callerOf(process: number): Caller {
    const known = this.callers.get(process);
    if (known !== undefined) return known;
    const caller: Caller = { underWay: 0, begins: [], ends: [], openSince: undefined, lastBegan: undefined };
    this.callers.set(process, caller);
    return caller;
  }

  private fail(invariant: Invariant, detail: string): never {
    throw new Violation(invariant, detail);
  }

  /** What is found in the middle of somebody's promise must not end as their failure. */
  private guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      this.violation ??= error;
    }
  }
}

/** Versions that were true at some instant of a stretch, with their numbers. */
const within = (versions: readonly Version[], from: number, to: number): { version: Version; n: number }[] =>
  versions
    .map((version, n) => ({ version, n }))
    .filter(({ version, n }) => version.at <= to && (versions[n + 1]?.at ?? Number.POSITIVE_INFINITY) >= from);

const ago = (now: number, at: number): string =>
  now - at > DAY_MS ? `${((now - at) / DAY_MS).toFixed(1)} d ago` : `${((now - at) / 1_000).toFixed(1)} s ago`;
