import type { CheckJournal } from '../../apps/eligibility-api/src/check-log/check-log.js';
import type { FreshnessPolicy } from '../../apps/eligibility-api/src/check-in/freshness-policy.js';
import type { NamedCertificate, Telling } from '../../apps/eligibility-api/src/coverage-store/credential-store.js';
import type { CertificateStatus, Registry } from '../../apps/eligibility-api/src/registry/registry.js';
import type { FactsReader } from '../../apps/eligibility-api/src/replica/facts-reader.js';
import type { ReadyBuilder } from '../../apps/eligibility-api/src/replica/replica-view.js';
import type { SimulatedCredentials } from './store.js';

type Credentials = Pick<SimulatedCredentials, 'position' | 'name' | 'savePosition'>;

/** A bug put into what the parts are given, to see that it is found. Production code has no switch for any of them. */
export interface Plant {
  readonly policy: (policy: FreshnessPolicy) => FreshnessPolicy;
  readonly behindMs: (ms: number) => number;
  readonly credentials: (credentials: Credentials) => Credentials;
  readonly facts: (facts: FactsReader, serials: () => readonly string[]) => FactsReader;
  readonly registry: (registry: Registry, unguarded: (serial: string) => Promise<CertificateStatus>) => Registry;
  readonly log: (log: CheckJournal) => CheckJournal;
  readonly ready: (builder: ReadyBuilder) => ReadyBuilder;
}

/** Where a row says on which day it ends, and that nothing ends it: two bytes (answers/ready-row.ts). */
const UNTIL_AT = 6;
const NEVER = 0xffff;

const FOREVER_MS = 10 * 365 * 86_400_000;

export const sound: Plant = {
  policy: (policy) => policy,
  behindMs: (ms) => ms,
  credentials: (credentials) => credentials,
  facts: (facts) => facts,
  registry: (registry) => registry,
  log: (log) => log,
  ready: (builder) => builder,
};

/** Every so many. */
const each = (n: number): (() => boolean) => {
  let count = 0;
  return () => {
    count += 1;
    return count % n === 0;
  };
};

export const PLANTS: Readonly<Record<string, () => Plant>> = {
  /** Answers are given from facts of any age. */
  'no-staleness-cap': () => ({
    ...sound,
    policy: (policy) => ({
      ...policy,
      credentialMaxAgeMs: FOREVER_MS,
      coverageMaxAgeMs: FOREVER_MS,
      behindMaxAgeMs: FOREVER_MS,
    }),
  }),
  /** A replica that has lost its feed counts as complete. */
  'negative-from-lagging-replica': () => ({ ...sound, behindMs: () => FOREVER_MS }),
  /** One answer in ten leaves without a record. */
  'record-skipped': () => {
    const isSkipped = each(10);
    return {
      ...sound,
      log: (log) => ({
        record: async (check) => (isSkipped() ? undefined : log.record(check)),
        append: (check, written) => log.append(check, written),
        appendAll: (checks, written) => log.appendAll(checks, written),
      }),
    };
  },
  /** Work for which nobody waits fails with one answer in ten: a process of ours would end. */
  'rejects-unheard': () => {
    const isUnheard = each(10);
    return {
      ...sound,
      log: (log) => ({
        record: (check) => {
          if (isUnheard()) void Promise.reject(new Error('nobody hears of it'));
          return log.record(check);
        },
        append: (check, written) => log.append(check, written),
        appendAll: (checks, written) => log.appendAll(checks, written),
      }),
    };
  },
  /** The feed is read and confirmed, and what it says of revocations is not stored. */
  'revocation-unseen': () => ({
    ...sound,
    credentials: (credentials) => ({
      position: () => credentials.position(),
      savePosition: (position) => credentials.savePosition(position),
      name: (certificates: readonly NamedCertificate[], at: number, telling: Telling) =>
        credentials.name(
          certificates.filter(({ status }) => status !== 'revoked'),
          at,
          telling,
        ),
    }),
  }),
  /** An answer that was made ready stays as it is when the day ends on which it changes. */
  'yesterday-stays': () => ({
    ...sound,
    ready: ({ version, build }) => ({
      version,
      build: (record, day) => {
        const built = build(record, day);
        if (built === undefined) return undefined;
        const opened = Buffer.from(built.opened);
        opened.writeUInt16LE(NEVER, UNTIL_AT);
        return { untilDay: undefined, opened };
      },
    }),
  }),
  /** The registry is asked whatever state the breaker is in. */
  'breaker-ignored': () => ({ ...sound, registry: (_guarded, certificateStatus) => ({ certificateStatus }) }),
  /** One reading in twenty is of somebody else. */
  'another-person': () => {
    const isSwapped = each(20);
    return {
      ...sound,
      facts: (facts, serials) => ({
        byNumber: (insurerNumber, number) => facts.byNumber(insurerNumber, number),
        bySerial: async (serial) => {
          const reading = await facts.bySerial(serial);
          if (reading.value === undefined || !isSwapped()) return reading;
          const other = serials().find((one) => one !== serial);
          return other === undefined ? reading : facts.bySerial(other);
        },
      }),
    };
  },
  /** Facts from before are passed off as those of a complete source. */
  'outage-not-told': () => ({
    ...sound,
    facts: (facts) => {
      const silent = async <T>(asked: Promise<T & { away?: unknown }>): Promise<T> => {
        const { away: _away, ...reading } = await asked;
        return reading as T;
      };
      return {
        bySerial: (serial) => silent(facts.bySerial(serial)),
        byNumber: (insurerNumber, number) => silent(facts.byNumber(insurerNumber, number)),
      };
    },
  }),
};
