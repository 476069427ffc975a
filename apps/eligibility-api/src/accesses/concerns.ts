import type { Patient } from './accesses.js';
import type { PersonShown } from './people-shown.js';

/** A check under one of the subjects of a patient, and whose coverage its answer showed; undefined where that is not known any more. */
export interface CheckAbout {
  readonly by: 'card' | 'number';
  readonly serviceDate: string;
  readonly shown: readonly PersonShown[] | undefined;
}

/**
 * Whether a check is an access to what this insurer has about this patient.
 *
 * By card it is when the answer showed coverage at this insurer; where it showed none at all, when the patient was insured here on
 * the service date: what somebody else's insurer was asked for is not this one's to see.
 * By number it is when the answer showed this patient: a family shares a number, and where a wife was treated is not her
 * husband's to see. An answer that showed nobody is an attempt on whoever alone has the number.
 */
export const concerns = (patient: Patient, { by, serviceDate, shown }: CheckAbout): boolean => {
  const { insurerNumber, birthdate, coverages } = patient;
  const showedSomebody = shown !== undefined && shown.length > 0;
  if (by === 'card')
    return showedSomebody
      ? shown.some((person) => person.insurerNumber === insurerNumber)
      : coverages.some(
          ({ acquiredOn, lostOn }) => acquiredOn <= serviceDate && (lostOn === null || serviceDate < lostOn),
        );
  if (!showedSomebody) return !coverages.some(({ shared }) => shared);
  return shown.some(
    (person) =>
      person.insurerNumber === insurerNumber &&
      person.birthdate === birthdate &&
      coverages.some(({ branch }) => (person.insuredBranchNumber ?? null) === branch),
  );
};
