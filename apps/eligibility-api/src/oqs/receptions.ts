/** The bulk messages: by symbol and number, 照会番号, 医療扶助 by month, home visits, online examinations. */
export type BulkName = 'muquc' | 'muimm' | 'mutic' | 'muhvq' | 'muonq';

/** A bulk request that was accepted, under its 受付番号. */
export interface Reception {
  readonly receptionNumber: string;
  readonly institutionCode: string;
  readonly clientId: string;
  readonly kind: BulkName;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  /** The people who are being asked about, where there are any. */
  readonly batchId?: string;
  /** What was sent, for the answer to repeat; sealed. */
  readonly contents: Buffer;
}

/** The store is away. */
export class ReceptionsUnavailable extends Error {
  constructor(options?: ErrorOptions) {
    super('receptions cannot be stored or read', options);
    this.name = 'ReceptionsUnavailable';
  }
}

/** Bulk requests between their receipt and the fetching of what came of them. Every call rejects with `ReceptionsUnavailable` when the store is away. */
export interface Receptions {
  /** The one that was there before under the same key (a keyed hash), or this one. */
  add(reception: Reception, requestKey: string): Promise<Pick<Reception, 'receptionNumber' | 'receivedAt'>>;
  find(institutionCode: string, kind: BulkName, receptionNumber: string): Promise<Reception | undefined>;
  /** Everybody with a ticket of this month (`2026-11`) that names the institution. */
  ticketHolders(institutionCode: string, month: string): Promise<readonly TicketHolder[]>;
  /** Deletes what was received before this instant. */
  forget(before: number): Promise<void>;
}

/** By what a recipient of 医療扶助 is asked about. */
export interface TicketHolder {
  readonly insurerNumber: string;
  readonly insuredIdentificationNumber: string;
  readonly birthdate: string;
}

/** Injection token of `Receptions`. */
export const RECEPTIONS = Symbol('receptions');
