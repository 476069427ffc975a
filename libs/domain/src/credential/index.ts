export { certificateStateOn, type CertificateOnDate, type CertificateState, type GraceReading } from './certificate.js';
export { cardExpiry, type CardExpiry } from './card-expiry.js';
export {
  expiriesToldOn,
  expiryNoticeOn,
  RENEWAL_WINDOWS,
  type ExpiryNotice,
  type HeldCertificate,
  type RenewalWindow,
} from './expiry-notice.js';
export { afterAttempt, FRESH_PIN, PIN_FAILURES_TO_LOCK, pinAfter, type PinKind, type PinState } from './pin-lock.js';
