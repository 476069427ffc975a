import { inspect } from 'node:util';

import { checkIndividualNumber, digitsText, type Parsed } from '@app/domain';

const PRINTED = '[individual number]';

/**
 * An individual number (個人番号) on its way into the vault or out of it. Whoever prints, logs, joins or serialises it gets the
 * same words for every number; its digits come out of `reveal()` and `lastFour()` alone, which a search of the code finds.
 */
export class IndividualNumber {
  readonly #digits: string;

  private constructor(digits: string) {
    this.#digits = digits;
  }

  /** Twelve digits, in any width, whose check digit holds. The reason for a refusal names no digit. */
  static read(text: string): Parsed<IndividualNumber, 'format' | 'check_digit' | 'uniform'> {
    const checked = checkIndividualNumber(text, { refuseUniform: true });
    return checked.ok ? { ok: true, value: new IndividualNumber(digitsText(text)) } : checked;
  }

  /** The twelve digits. */
  reveal(): string {
    return this.#digits;
  }

  /** What stands on the one notice that shows any of it. */
  lastFour(): string {
    return this.#digits.slice(-4);
  }

  toString(): string {
    return PRINTED;
  }

  toJSON(): string {
    return PRINTED;
  }

  [inspect.custom](): string {
    return PRINTED;
  }
}
