import type { QualificationChangeRow } from '@app/contracts';
import type { ChangedAttribute, CivilDate, FiledChange, Sex } from '@app/domain';

/** Two digits, as it is registered. */
export const branchOf = (filed: string): string => filed.normalize('NFKC').padStart(2, '0');

/** A change as the rules have it. Whoever is insured themselves has nobody else's name on their documents. */
export const filedChangeOf = ({
  kind,
  effectiveDate,
  person = {},
  insuredBranchNumber,
  standardMonthlyRemuneration,
  ...filed
}: QualificationChangeRow): FiledChange => {
  const { sex1, birthdate, ...identity } = person;
  const { insuredCardSymbol, insuredIdentificationNumber, personalFamilyClassification, insuredName } = filed;
  return {
    kind,
    ...(effectiveDate === undefined ? {} : { effectiveOn: effectiveDate as CivilDate }),
    identity: {
      ...identity,
      ...(sex1 === undefined ? {} : { sex1: sex1 as Sex }),
      ...(birthdate === undefined ? {} : { birthdate: birthdate as CivilDate }),
    },
    shown: {
      ...(insuredCardSymbol === undefined ? {} : { insuredCardSymbol }),
      ...(insuredIdentificationNumber === undefined ? {} : { insuredIdentificationNumber }),
      ...(insuredBranchNumber === undefined ? {} : { insuredBranchNumber: branchOf(insuredBranchNumber) }),
      ...(personalFamilyClassification === undefined ? {} : { personalFamilyClassification }),
      ...(personalFamilyClassification === '1' ? { insuredName: null } : {}),
      ...(insuredName === undefined ? {} : { insuredName }),
    },
    ...(standardMonthlyRemuneration === undefined ? {} : { standardMonthlyRemuneration }),
  };
};

const OF_PERSON: ReadonlySet<ChangedAttribute> = new Set([
  'name',
  'nameKana',
  'nameOfOther',
  'birthdate',
  'sex1',
  'address',
  'postNumber',
]);

/** Where an attribute stands in the filing. */
export const pointerTo = (attribute: ChangedAttribute): string =>
  OF_PERSON.has(attribute) ? `/person/${attribute}` : `/${attribute}`;
