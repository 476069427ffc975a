export { cardOn, type CardState } from './card.js';
export {
  CERTIFICATE_ROWS,
  CERTIFICATE_TERMS,
  certificateAfterLoss,
  certificateOn,
  latestValidTo,
  type AfterLoss,
  type CertificateApplication,
  type CertificateBasis,
  type CertificateNeed,
  type CertificateQuestion,
  type CertificateRow,
  type CertificateTerm,
  type IssuedCertificate,
} from './certificate.js';
export {
  insuredOn,
  type DocumentDay,
  type DocumentFacts,
  type DocumentRefusal,
  type Insured as InsuredOnDay,
  type Refused as RefusedDocument,
  type ShownRate,
} from './insured.js';
export {
  NOTICE_REFERENCE_DAY,
  NOTICE_ROWS,
  noticeOn,
  type IssuedNotice,
  type NoticeOccasion,
  type NoticeRow,
  type NoticeVersion,
} from './notice.js';
export { declarationOn, screenOn, type IssuedDeclaration, type IssuedScreen } from './screen.js';
