import { birthdayIn, type CivilParts, dayOf, type DayNumber, formatDay, partsOf } from '../calendar/civil-day.js';
import { addressOf } from './addresses.js';
import { type Certificate, slotOf } from './certificates.js';
import { ageOf, type Seat, seatOf } from './household.js';
import { syntheticIndividualNumber } from './individual-number.js';
import { Draws } from './mix.js';
import { FAMILY_NAMES, fullName, givenNames, type NamePart } from './names.js';
import type { Resident } from './resident.js';
import { SerialMix } from './serial.js';

/** Ages are counted on 1 April of this year, so that a birth date does not depend on when the mock is started. */
const BASE_YEAR = 2026;

/** Share in a thousand of people whose certificate has a history. */
const REVOKED = 5;
const EXPIRED = 10;
const RENEWED = 80;

/**
 * Residents computed from (seed, index) whenever they are asked for; none is stored. Certificates run from birthday to
 * birthday in a rhythm of five years, and the day the mock was started says which of them are out: a serial has the
 * same dates whenever it is asked for.
 */
export class SyntheticPopulation {
  readonly #draws: Draws;
  readonly #serials: SerialMix;
  readonly #startYear: number;

  constructor(
    readonly seed: number,
    readonly size: number,
    private readonly startedOn: DayNumber,
  ) {
    this.#draws = new Draws(seed);
    this.#serials = new SerialMix(seed);
    this.#startYear = partsOf(startedOn).year;
  }

  /** The person with an index from 0 up to, not including, `size`. */
  resident(index: number): Resident {
    const seat = seatOf(this.#draws, index);
    const birthDay = this.#birthDay(index, seat);
    const birth = partsOf(birthDay);
    const sex = this.#sex(index, seat);
    const family = part(FAMILY_NAMES, this.#draws.draw('familyName', seat.household, FAMILY_NAMES.length));
    const names = givenNames(sex, birth.year);
    const given = part(names, this.#draws.draw('givenName', index, names.length));
    return {
      personRef: `P${String(index + 1).padStart(10, '0')}`,
      ...fullName(family, given),
      birthDay,
      birthDate: formatDay(birthDay),
      sex,
      ...addressOf(this.#draws, seat.household),
      certificates: this.#certificates(index, birthDay, birth),
    };
  }

  /** Only the birth day: what an index over the population needs. */
  birthDay(index: number): DayNumber {
    return this.#birthDay(index, seatOf(this.#draws, index));
  }

  individualNumber(index: number): string {
    return syntheticIndividualNumber(this.seed, index);
  }

  /** The index of the only person who can have a serial; `undefined` when nobody here can. */
  holderOf(serial: string): number | undefined {
    const origin = this.#serials.originOf(serial);
    return origin !== undefined && origin.index < this.size ? origin.index : undefined;
  }

  /** A serial for the `nth` certificate of a person that ends in a year; base certificates are the 0th. */
  serial(index: number, endYear: number, nth: number): string {
    return this.#serials.serialOf({ index, slot: slotOf(endYear, nth) });
  }

  #birthDay(index: number, seat: Seat): DayNumber {
    const age = ageOf(this.#draws, index, seat);
    return dayOf(BASE_YEAR - age, 4, 1) - 1 - this.#draws.draw('birthDay', index, 365);
  }

  #sex(index: number, { household, size, seat }: Seat): '1' | '2' {
    // The two adults of a household are a woman and a man, in either order.
    if (size >= 2 && seat <= 1) return this.#draws.draw('sex', household, 2) === seat ? '1' : '2';
    return this.#draws.draw('sex', index, 1000) < 487 ? '1' : '2';
  }

  #certificates(index: number, birthDay: DayNumber, birth: CivilParts): Certificate[] {
    const currentEnd = this.#currentEndYear(index, birth);
    const current = this.#certificate(index, birthDay, birth, currentEnd);
    const history = this.#draws.draw('certificate', index, 1000);
    if (history < REVOKED) {
      const after = 1 + this.#draws.draw('revocation', index, 1500);
      return [{ ...current, revokedOn: Math.min(current.notBefore + after, this.startedOn) }];
    }
    // Who was not yet born five years earlier has no earlier certificate.
    if (currentEnd - 5 <= birth.year || history >= REVOKED + EXPIRED + RENEWED) return [current];
    const earlier = this.#certificate(index, birthDay, birth, currentEnd - 5);
    if (history < REVOKED + EXPIRED) return [earlier];
    return [
      { ...earlier, supersededBy: current.serial },
      { ...current, supersedes: earlier.serial },
    ];
  }

  /** The year of the birthday on which the certificate ends that is running on the day the mock was started. */
  #currentEndYear(index: number, birth: CivilParts): number {
    const next = birthdayIn(this.#startYear, birth) >= this.startedOn ? this.#startYear : this.#startYear + 1;
    const rhythm = this.#draws.draw('certificateYear', index, 5);
    const end = next + ((rhythm - (next % 5) + 5) % 5);
    // A small child's first certificate ends on the fifth birthday.
    return end - 5 < birth.year ? birth.year + 5 : end;
  }

  #certificate(index: number, birthDay: DayNumber, birth: CivilParts, endYear: number): Certificate {
    const lead = this.#draws.draw('certificateIssue', index, 60);
    return {
      serial: this.serial(index, endYear, 0),
      notBefore: Math.max(birthdayIn(endYear - 5, birth) - lead, birthDay + 14 + lead),
      notAfter: birthdayIn(endYear, birth),
    };
  }
}

const part = (names: readonly NamePart[], n: number): NamePart => names[n] as NamePart;
