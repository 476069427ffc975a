import type { JlisCertificate, JlisPerson } from '@app/contracts/jlis';

import { type DayNumber, formatDay } from '../calendar/civil-day.js';
import type { Certificate } from './certificates.js';

/** A person as the registry keeps them, with every certificate ever issued to them, oldest first. */
export interface Resident extends JlisPerson {
  readonly scenario?: string;
  readonly birthDay: DayNumber;
  readonly certificates: readonly Certificate[];
}

const statusOn = (certificate: Certificate, day: DayNumber): JlisCertificate['status'] => {
  if (certificate.revokedOn !== undefined) return 'revoked';
  if (certificate.supersededBy !== undefined) return 'superseded';
  // The last day of validity is a day of validity, so > and not >=.
  return day > certificate.notAfter ? 'expired' : 'good';
};

/** What the registry says of a certificate on a day. */
export const certificateOn = (certificate: Certificate, personRef: string, day: DayNumber): JlisCertificate => ({
  serial: certificate.serial,
  status: statusOn(certificate, day),
  notBefore: formatDay(certificate.notBefore),
  notAfter: formatDay(certificate.notAfter),
  ...(certificate.revokedOn === undefined ? {} : { revokedOn: formatDay(certificate.revokedOn) }),
  ...(certificate.supersededBy === undefined ? {} : { supersededBy: certificate.supersededBy }),
  ...(certificate.supersedes === undefined ? {} : { supersedes: certificate.supersedes }),
  personRef,
});
