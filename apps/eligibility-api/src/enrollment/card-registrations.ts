import type { RegistrationChannel } from '@app/contracts';

import type { CertificateStatus } from '../registry/registry.js';

/** A card that leads to its holder. */
export interface RegisteredCard {
  readonly personId: string;
  readonly channel: RegistrationChannel;
  /** Epoch milliseconds. */
  readonly registeredAt: number;
}

export interface NewRegistration {
  readonly insurerNumber: string;
  readonly clientId: string;
  readonly channel: RegistrationChannel;
  /** As the registry has just named it, with its holder. */
  readonly certificate: CertificateStatus & { readonly personRef: string };
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Registered cards. Rejects with `FilingsUnavailable` where PostgreSQL is away. */
export interface CardRegistrations {
  /** The same again changes nothing. Undefined where the holder is not insured at that insurer. */
  register(registration: NewRegistration): Promise<RegisteredCard | undefined>;
}

/** Injection token of `CardRegistrations`. */
export const CARD_REGISTRATIONS = Symbol('card-registrations');
