import type { JlisCertificate, JlisCertificateChange, JlisPopulationPerson } from '@app/contracts/jlis';

import { type DayNumber, formatDay, partsOf, tokyoDay, tokyoInstant } from '../calendar/civil-day.js';
import type { Clock } from '../clock/clock.js';
import { type Certificate, endOfCertificateIssued } from '../population/certificates.js';
import { scenarioIndividualNumber } from '../population/individual-number.js';
import { certificateOn, type Resident } from '../population/resident.js';
import { SCENARIO_COUNT, scenarioNumberOf, scenarioPeopleOn, scenarioSerial } from '../population/scenario-people.js';
import type { SyntheticPopulation } from '../population/synthetic-population.js';
import { ChangeFeed } from './change-feed.js';

/** What an operator can do to a certificate. */
export type CertificateEvent = 'revoke' | 'renew' | 'expire';

/** What an operator can change of a resident; the birth date is what they are found by. */
export type ResidentAttributes = Partial<Pick<Resident, 'kanjiName' | 'kanaName' | 'sex' | 'address' | 'postNumber'>>;

/** Why an operator's change was refused. */
export class ChangeRefused extends Error {
  override readonly name = 'ChangeRefused';
  constructor(readonly because: 'certificate-unknown' | 'certificate-not-current') {
    super(because);
  }
}

/** A resident's place in the population stream: scenario people first, then the synthetic ones by index. */
type Position = number;

/**
 * The registry: the computed population, what operators have changed since the start, and the feed of those changes.
 * Memory grows with the changes only.
 */
export class Registry {
  readonly #changed = new Map<Position, readonly Certificate[]>();
  readonly #changedResidents = new Map<Position, ResidentAttributes>();
  #today: DayNumber;
  #scenarioPeople: ReturnType<typeof scenarioPeopleOn>;

  constructor(
    private readonly synthetic: SyntheticPopulation,
    private readonly clock: Clock,
    readonly feed: ChangeFeed,
  ) {
    this.#today = tokyoDay(clock.now());
    this.#scenarioPeople = scenarioPeopleOn(this.#today);
  }

  /** Scenario and synthetic people together. */
  get size(): number {
    return SCENARIO_COUNT + this.synthetic.size;
  }

  /** Now, as the wire says it. */
  get asOf(): string {
    return tokyoInstant(this.clock.now());
  }

  /** The registry's word on a serial, `unknown` included. */
  certificateStatus(serial: string): JlisCertificate {
    this.keepUpWithTheDay();
    const found = this.#find(serial);
    if (found === undefined) return { serial, status: 'unknown' };
    return certificateOn(found.certificate, found.resident.personRef, this.#today);
  }

  /** A resident by place in the population stream, from 0 up to, not including, `size`. */
  resident(position: Position): Resident {
    const scenario = this.#scenarioPeople[position];
    const resident = scenario ?? this.synthetic.resident(position - SCENARIO_COUNT);
    const certificates = this.#changed.get(position);
    const changed = this.#changedResidents.get(position);
    if (certificates === undefined && changed === undefined) return resident;
    return { ...resident, ...changed, ...(certificates === undefined ? {} : { certificates }) };
  }

  /** A resident as the population stream shows them. */
  populationPerson(position: Position): JlisPopulationPerson {
    const resident = this.resident(position);
    return {
      ...(resident.scenario === undefined ? {} : { scenario: resident.scenario }),
      personRef: resident.personRef,
      kanjiName: resident.kanjiName,
      kanaName: resident.kanaName,
      birthDate: resident.birthDate,
      sex: resident.sex,
      address: resident.address,
      postNumber: resident.postNumber,
      certificates: resident.certificates.map((certificate) =>
        certificateOn(certificate, resident.personRef, this.#today),
      ),
    };
  }

  /** Only the birth day, several times cheaper than the whole resident. */
  birthDay(position: Position): DayNumber {
    return this.#scenarioPeople[position]?.birthDay ?? this.synthetic.birthDay(position - SCENARIO_COUNT);
  }

  individualNumber(position: Position): string {
    const scenario = this.#scenarioPeople[position];
    return scenario === undefined
      ? this.synthetic.individualNumber(position - SCENARIO_COUNT)
      : scenarioIndividualNumber(scenario.number);
  }

  /** Changes above `after`. See {@link ChangeFeed.since}. */
  changesSince(after: number, limit: number): JlisCertificateChange[] {
    this.keepUpWithTheDay();
    return this.feed.since(after, limit);
  }

  /**
   * Revokes, renews or expires a certificate now; the changes are in the feed when this returns.
   * @throws {ChangeRefused} when there is no such certificate, or it is revoked, superseded or (to expire) already over
   */
  change(event: CertificateEvent, serial: string): JlisCertificateChange[] {
    this.keepUpWithTheDay();
    const found = this.#find(serial);
    if (found === undefined) throw new ChangeRefused('certificate-unknown');
    const { position, resident, certificate } = found;
    const { status } = certificateOn(certificate, resident.personRef, this.#today);
    if (status !== 'good' && !(status === 'expired' && event !== 'expire')) {
      throw new ChangeRefused('certificate-not-current');
    }
    const touched = this.#after(event, position, resident, certificate);
    const kept = resident.certificates.flatMap((one) => (one.serial === serial ? touched : [one]));
    this.#changed.set(position, kept);
    return touched.map((one) => this.#publish(one, resident.personRef));
  }

  /**
   * Makes name, sex or address of whoever holds a certificate another, at once.
   * @throws {ChangeRefused} when there is no such certificate
   */
  changeResident(serial: string, changed: ResidentAttributes): Resident {
    this.keepUpWithTheDay();
    const found = this.#find(serial);
    if (found === undefined) throw new ChangeRefused('certificate-unknown');
    const { position } = found;
    this.#changedResidents.set(position, { ...this.#changedResidents.get(position), ...changed });
    return this.resident(position);
  }

  /**
   * Moves the scenario certificates whose dates hang on today when a new day has begun in Tokyo. Called before every
   * look at the registry; costs a comparison on all other days.
   */
  keepUpWithTheDay(): void {
    const today = tokyoDay(this.clock.now());
    if (today === this.#today) return;
    const before = this.#scenarioPeople;
    this.#today = today;
    this.#scenarioPeople = scenarioPeopleOn(today);
    for (const [position, person] of this.#scenarioPeople.entries()) {
      // What an operator has changed stays as the operator left it.
      if (this.#changed.has(position)) continue;
      for (const [nth, certificate] of person.certificates.entries()) {
        const was = before[position]?.certificates[nth];
        if (was?.notAfter !== certificate.notAfter) this.#publish(certificate, person.personRef);
      }
    }
  }

  #after(event: CertificateEvent, position: Position, resident: Resident, certificate: Certificate): Certificate[] {
    switch (event) {
      case 'revoke':
        return [{ ...certificate, revokedOn: this.#today }];
      case 'expire': {
        const notAfter = this.#today - 1;
        return [{ ...certificate, notAfter, notBefore: Math.min(certificate.notBefore, notAfter) }];
      }
      case 'renew': {
        const on = { year: partsOf(this.#today).year, day: this.#today };
        const notAfter = endOfCertificateIssued(on, partsOf(resident.birthDay), certificate);
        const serial = this.#nextSerial(position, resident, notAfter);
        return [
          { ...certificate, supersededBy: serial },
          { serial, notBefore: this.#today, notAfter, supersedes: certificate.serial },
        ];
      }
    }
  }

  #nextSerial(position: Position, { certificates }: Resident, notAfter: DayNumber): string {
    const scenario = this.#scenarioPeople[position];
    return scenario === undefined
      ? this.synthetic.serial(position - SCENARIO_COUNT, partsOf(notAfter).year, certificates.length)
      : scenarioSerial(scenario.number, certificates.length + 1);
  }

  #find(serial: string): { position: Position; resident: Resident; certificate: Certificate } | undefined {
    const position = this.#positionOf(serial);
    if (position === undefined) return undefined;
    const resident = this.resident(position);
    const certificate = resident.certificates.find((one) => one.serial === serial);
    return certificate === undefined ? undefined : { position, resident, certificate };
  }

  #positionOf(serial: string): Position | undefined {
    const number = scenarioNumberOf(serial);
    if (number !== undefined) {
      const position = this.#scenarioPeople.findIndex((person) => person.number === number);
      return position === -1 ? undefined : position;
    }
    const index = this.synthetic.holderOf(serial);
    return index === undefined ? undefined : index + SCENARIO_COUNT;
  }

  #publish(certificate: Certificate, personRef: string): JlisCertificateChange {
    return this.feed.append(certificateOn(certificate, personRef, this.#today), this.asOf);
  }
}

/** `seed-1-10000-20261122-3f9a0c1e`: seed, size and day of the start, and what tells two starts of one day apart. */
export const generationOf = (synthetic: SyntheticPopulation, startedOn: DayNumber, life: string): string =>
  `seed-${synthetic.seed}-${synthetic.size}-${formatDay(startedOn).replaceAll('-', '')}-${life}`;
