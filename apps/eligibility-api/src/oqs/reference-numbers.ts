/** Whom an institution gives a 照会番号, by what stands on a 資格確認書; everything in its normal form. It names no birthdate. */
export interface Registration {
  readonly insurerNumber: string;
  readonly insuredCardSymbol?: string;
  readonly insuredIdentificationNumber: string;
  readonly insuredBranchNumber?: string;
  readonly referenceNumber: string;
}

/**
 * - `registered`: also where the person has this number already.
 * - `not-found`: nobody has this symbol and number.
 * - `ambiguous`: several people have; the branch number tells them apart.
 * - `taken`: another person has the number at this institution. Shown with both, it would open one's chart for the other.
 */
export type RegistrationOutcome = 'registered' | 'not-found' | 'ambiguous' | 'taken';

/** Who registers, and when. */
export interface Registrar {
  readonly institutionCode: string;
  readonly clientId: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** The store is away. */
export class ReferenceNumbersUnavailable extends Error {
  constructor(options?: ErrorOptions) {
    super('reference numbers cannot be stored', options);
    this.name = 'ReferenceNumbersUnavailable';
  }
}

/** 照会番号: each belongs to the institution that set it, and to a person, whatever their insurer. */
export interface ReferenceNumbers {
  /**
   * All or none of them are stored, one after the other in their order; of several for one person the last.
   * @throws ReferenceNumbersUnavailable
   */
  register(registrar: Registrar, registrations: readonly Registration[]): Promise<readonly RegistrationOutcome[]>;
}

/** Injection token of `ReferenceNumbers`. */
export const REFERENCE_NUMBERS = Symbol('reference-numbers');
