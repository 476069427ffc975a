import type { CertificateFacts, PersonFacts } from '@app/domain';

/** A certificate as it is on record here. */
export interface CertificateRecord extends CertificateFacts {
  readonly serial: string;
  /** When the registry last named this status, epoch milliseconds. The feed's confirmation may be later. */
  readonly verifiedAt: number;
}

/** Where a serial leads. `successor` is the newest certificate of the same person, where this one has been renewed. */
export interface CardRecord {
  readonly certificate: CertificateRecord;
  readonly successor?: CertificateRecord;
  readonly person: PersonFacts;
}

/** Facts with their age. */
export interface Reading<T> {
  readonly value: T;
  /** The facts are those of this instant, epoch milliseconds. */
  readonly asOf: number;
  readonly source: 'replica' | 'database';
  /** All that these facts say of certificates was true at this instant, by the registry's feed; where the source knows. */
  readonly certificatesConfirmedAt?: number;
  /** The store could not be asked, and these are facts from before. Only what was found is given so: "nobody" needs a source that is complete. */
  readonly away?: { readonly reason: 'database-unavailable' | 'replica-behind'; readonly since: number };
}

/** The store is there, and says itself that it has no time or room for this. */
export class StoreBusy extends Error {
  constructor(options?: ErrorOptions) {
    super('the store is there and cannot say now', options);
    this.name = 'StoreBusy';
  }
}

/** The store is away and nothing is kept that could answer. */
export class FactsUnavailable extends Error {
  constructor(options?: ErrorOptions) {
    super('coverage facts cannot be read', options);
    this.name = 'FactsUnavailable';
  }
}

/**
 * Facts of insured people, as a check reads them. `undefined` and `[]` come only from a source that is complete; what cannot
 * be found out is a `FactsUnavailable`. `withinMs` is what the caller has left, where that is less than a statement may take. Serials are upper-case hexadecimal; numbers are in their normal form.
 */
export interface FactsReader {
  bySerial(serial: string, withinMs?: number): Promise<Reading<CardRecord | undefined>>;
  byNumber(insurerNumber: string, numberKey: string, withinMs?: number): Promise<Reading<readonly PersonFacts[]>>;
}

/** Injection token of `FactsReader`. */
export const FACTS_READER = Symbol('facts-reader');
