/** What the vault puts on record that a number was opened for. */
type LastFourDigitsPurpose = 'notice-last-four';

/** On whose behalf. */
interface DigitsAsker {
  readonly clientId: string;
  /** Opaque staff id. */
  readonly operator?: string;
}

/**
 * The last four digits of an individual number, for the one notice that shows them. The number itself is in the vault, where
 * each opening is on record with its purpose and on whose behalf. Where none is kept the notice is refused (422
 * `last-four-digits-unavailable`), and nothing is put in the digits' place.
 */
export interface LastFourDigits {
  /** `undefined` where no number is on record. */
  of(personId: string, purpose: LastFourDigitsPurpose, who: DigitsAsker): Promise<string | undefined>;
}

/** Injection token of `LastFourDigits`. */
export const LAST_FOUR_DIGITS = Symbol('last-four-digits');
