import type { CardExpiryNotice } from '@app/contracts';
import { expiryNoticeOn, insuredOn, type CivilDate } from '@app/domain';

import type { ExpiringPerson } from './document-people.js';

/** Undefined for whoever is not to be told on the day, or is insured there no more by law. */
export const cardExpiryOf = (
  { person, expiresOn, issuedOn }: ExpiringPerson,
  on: CivilDate,
  knownAt: number,
): CardExpiryNotice | undefined => {
  const insured = insuredOn({ person, certificates: [], individualNumberOnRecord: true }, { issuedOn: on, knownAt });
  if (insured.kind === 'refused') return undefined;
  const { identity } = insured.person;
  const notice = expiryNoticeOn({ expiresOn, issuedOn, birthDate: identity.birthdate }, on);
  if (notice === undefined) return undefined;
  const { insuredCardSymbol, insuredIdentificationNumber, insuredBranchNumber } = insured.qualification;
  return {
    insuredPersonId: person.personId,
    ...(insuredCardSymbol === undefined ? {} : { insuredCardSymbol }),
    insuredIdentificationNumber,
    ...(insuredBranchNumber === undefined ? {} : { insuredBranchNumber }),
    stage: notice.stage,
    what: notice.what,
    certificateExpirationDate: notice.certificateExpiresOn,
    ...(notice.cardExpiresOn === undefined ? {} : { cardExpirationDate: notice.cardExpiresOn }),
    renewableFrom: notice.renewableFrom,
    graceUntil: notice.graceUntil,
  };
};
