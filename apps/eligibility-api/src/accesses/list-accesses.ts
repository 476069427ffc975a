import type { SubjectKey } from '../check-in/subject-key.js';
import type { AccessPlace, Accesses, Patient, Reader, RecordedAccess, RecordedCheck } from './accesses.js';
import { concerns } from './concerns.js';
import { peopleShown } from './people-shown.js';

/** Read at once. What is not the patient's is left out, so that a page may hold less. */
const PAGE = 100;

export interface AccessPage {
  readonly accesses: readonly ListedAccess[];
  /** Where the next page begins; undefined on the last one. */
  readonly next?: AccessPlace;
}

/** An access as it is told, and of a check by what it was asked. */
export type ListedAccess =
  Exclude<RecordedAccess, RecordedCheck> | (RecordedCheck & { readonly by: 'card' | 'number' });

/** Who looked at somebody's record, as far as it is their insurer's to know. */
export class ListAccesses {
  constructor(
    private readonly accesses: Accesses,
    private readonly key: SubjectKey,
    private readonly now: () => number,
  ) {}

  /**
   * One page, newest first; undefined for whoever is and was none of the insurer's. That it was read is on record before it is given.
   * Rejects with `AccessesUnavailable`.
   */
  async page(
    reader: Reader,
    personId: string,
    time: { readonly from: number; readonly until: number; readonly before?: AccessPlace },
  ): Promise<AccessPage | undefined> {
    const patient = await this.accesses.find(reader.insurerNumber, personId);
    if (patient === undefined) return undefined;
    const byCard = patient.serials.map((serial) => this.key.ofCard(serial));
    const byNumber = [...new Set(patient.coverages.map(({ number }) => number))].map((number) =>
      this.key.ofNumber(patient.insurerNumber, number),
    );
    const numbers = new Set(byNumber.map((hash) => hash.toString('base64')));
    const subjects = [...byCard, ...byNumber];
    const found = await this.accesses.list(patient, { subjects, ...time, limit: PAGE + 1 });
    await this.accesses.note({ ...reader, personId, what: 'accesses' }, this.now());
    const page = found.slice(0, PAGE);
    const last = page.at(-1);
    return {
      accesses: page.flatMap((access) => listed(access, patient, numbers)),
      ...(found.length > PAGE && last !== undefined ? { next: { at: last.at, accessId: last.accessId } } : {}),
    };
  }
}

const listed = (access: RecordedAccess, patient: Patient, numbers: ReadonlySet<string>): ListedAccess[] => {
  if (access.kind !== 'check') return [access];
  const { serviceDate, subjectHash, text } = access;
  const by = numbers.has(subjectHash.toString('base64')) ? 'number' : 'card';
  const shown = text === undefined ? undefined : peopleShown(text);
  return concerns(patient, { by, serviceDate, shown }) ? [{ ...access, by }] : [];
};
