/**
 * An answer kept as text with marks, so that its bytes are kept once per version and not once per check: what differs from one
 * check to the next (ids, instants, consent) is spliced in when it is given, and again when it is shown later.
 *
 * The text is a string of bytes (each character is one byte of UTF-8, 0 to 255): pieces of it are cut and joined without
 * decoding, and the socket takes it as `latin1`. A mark is `\u0001` and one character; JSON never holds a bare `\u0001`.
 */

/** What is spliced into an answer. Instants are RFC 3339 with `+09:00`. Every value is ASCII. */
export interface Splices {
  readonly checkId: string;
  readonly checkedAt: string;
  readonly serviceDate: string;
  readonly answerVersion: string;
  /** `freshness`, as JSON. */
  readonly freshness: string;
  /** `credential.verifiedAt`; empty without a card. */
  readonly verifiedAt: string;
  /** Until when viewing that was consented to may happen. */
  readonly availableUntil: string;
  /** `YYYY-MM` of the service date. */
  readonly treatmentMonth: string;
  /** Kinds consented to: see `ConsentBit`. */
  readonly consented: number;
  readonly institutionCode: string;
}

/** Bits of `Splices.consented`. */
export const ConsentBit = {
  limitApplicationCertificate: 1,
  specificDiseases: 2,
  specificHealthCheckups: 4,
  pharmacists: 8,
  diagnosis: 16,
  operation: 32,
} as const;
