import { addMonths, type CivilDate } from '../calendar/index.js';
import { certificateStateOn } from '../credential/index.js';
import type { Credential, NoticeCode } from './answer.js';
import type { CardFacts, CertificateFacts } from './facts.js';

/** Before this many months to the expiry the clerk is told; the national system does the same (a code on a successful result). */
export const EXPIRY_NOTICE_MONTHS = 3;

const NO_CARD: Credential = { state: 'not-applicable', usable: true, medicalInfoUsable: false };
const NOT_REGISTERED: Credential = { state: 'not-registered', usable: false, medicalInfoUsable: false };

const unusable = (state: 'revoked' | 'expired', certificate: CertificateFacts): Credential => ({
  state,
  usable: false,
  medicalInfoUsable: false,
  ...(certificate.notAfter === undefined ? {} : { certificateExpirationDate: certificate.notAfter }),
});

/** The state of one certificate on the Tokyo day of asking. The date decides; the registry's `expired` alone is believed where it names no date. */
export const stateOfCertificate = (certificate: CertificateFacts, askedOn: CivilDate): Credential => {
  if (certificate.status === 'revoked') return unusable('revoked', certificate);
  // Renewed, and nobody says by what: the card in hand is not this one, so it proves nothing.
  if (certificate.status === 'superseded') return unusable('revoked', certificate);
  if (certificate.notAfter === undefined)
    return certificate.status === 'expired'
      ? unusable('expired', certificate)
      : { state: 'valid', usable: true, medicalInfoUsable: true };
  const on = certificateStateOn({ certificateExpiresOn: certificate.notAfter, date: askedOn });
  return {
    state: on.state,
    usable: on.eligibilityUsable,
    medicalInfoUsable: on.medicalInfoUsable,
    certificateExpirationDate: certificate.notAfter,
    graceUntil: on.graceUntil,
  };
};

const noticesOf = (credential: Credential, askedOn: CivilDate): NoticeCode[] => {
  if (!credential.usable) return ['credential-unusable'];
  if (credential.state === 'grace') return ['certificate-in-grace'];
  const expiresOn = credential.certificateExpirationDate;
  return expiresOn !== undefined && expiresOn < addMonths(askedOn, EXPIRY_NOTICE_MONTHS)
    ? ['certificate-expires-soon']
    : [];
};

export interface CredentialDecision {
  readonly credential: Credential;
  readonly notices: readonly NoticeCode[];
}

/** A question by number involves no card. */
export const withoutCard: CredentialDecision = { credential: NO_CARD, notices: [] };

/** What the card proves on the day of asking, coverage aside. */
export const decideCredential = (card: CardFacts, askedOn: CivilDate): CredentialDecision => {
  switch (card.kind) {
    case 'unknown':
      return { credential: NOT_REGISTERED, notices: ['certificate-unknown'] };
    case 'not-linked': {
      const certificate = stateOfCertificate(card.certificate, askedOn);
      return certificate.usable
        ? { credential: { ...certificate, ...NOT_REGISTERED }, notices: ['register-at-reader'] }
        : { credential: certificate, notices: ['credential-unusable'] };
    }
    case 'linked': {
      if (card.certificate.status !== 'superseded' || card.successor === undefined) {
        const credential = stateOfCertificate(card.certificate, askedOn);
        return { credential, notices: noticesOf(credential, askedOn) };
      }
      const successor = stateOfCertificate(card.successor, askedOn);
      const notices = noticesOf(successor, askedOn);
      return successor.usable
        ? { credential: { ...successor, state: 'superseded' }, notices: ['certificate-superseded', ...notices] }
        : { credential: successor, notices };
    }
  }
};
