import type { JlisCertificateChanges, JlisCertificateStatusResponse, JlisPopulationPerson } from '@app/contracts/jlis';

/** Why the registry gave no answer. Each counts against the breaker; "no such certificate" is an answer and does not. */
export type RegistryFaultReason =
  'timeout' | 'connection' | 'status' | 'garbage' | 'breaker-open' | 'feed-truncated' | 'stale';

/** The registry could not be asked, or what it said cannot be used. Never means that a certificate is bad. */
export class RegistryFault extends Error {
  constructor(
    readonly reason: RegistryFaultReason,
    options?: ErrorOptions,
  ) {
    super(`the registry gave no usable answer: ${reason}`, options);
    this.name = 'RegistryFault';
  }
}

export type CertificateStatus = JlisCertificateStatusResponse;
export type CertificateChanges = JlisCertificateChanges;

/** The registry as the check sees it. Every call ends within the deadline; every failure is a `RegistryFault`. */
export interface Registry {
  /** The registry's word on one certificate, asked now, through the breaker. `withinMs` is what the caller has left, where that is less than the deadline. */
  certificateStatus(serial: string, withinMs?: number): Promise<CertificateStatus>;
}

/** Injection token of `Registry`. */
export const REGISTRY = Symbol('registry');

/** The feed of certificate changes, and the whole population where a reader must begin anew. Not through the breaker: one call at a time, at its own pace. */
export interface RegistryFeed {
  /** Changes after a sequence. A fault `feed-truncated` means that they are no longer kept: read the population afresh. */
  certificateChanges(after: number, signal: AbortSignal): Promise<CertificateChanges>;
  population(signal: AbortSignal): Promise<Population>;
}

/** Everybody the registry knows, as a stream, and the place in the feed from which changes follow on. */
export interface Population {
  readonly generation: string;
  readonly sequence: number;
  readonly people: AsyncIterable<JlisPopulationPerson>;
}

/** Injection token of `RegistryFeed`. */
export const REGISTRY_FEED = Symbol('registry-feed');
