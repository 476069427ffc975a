import type { CivilDate } from '../calendar/index.js';
import { stateOfCertificate } from '../eligibility/credential.js';
import type { CertificateFacts } from '../eligibility/facts.js';

/** What somebody can lay on a card reader: a certificate that answers, only such as no longer do, or none that leads to them. */
export type CardState = 'usable' | 'unusable' | 'none';

/**
 * Of all certificates that lead to the person, as the registry knows them now. One in its grace still answers; one past it, revoked
 * or replaced by nothing we know of does not.
 */
export const cardOn = (certificates: readonly CertificateFacts[], on: CivilDate): CardState => {
  if (certificates.length === 0) return 'none';
  return certificates.some((certificate) => stateOfCertificate(certificate, on).usable) ? 'usable' : 'unusable';
};
