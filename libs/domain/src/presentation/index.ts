export {
  FALLBACK_DOCUMENTS,
  fallbackDocumentsOn,
  type FallbackCode,
  type FallbackDocument,
} from './fallback-documents.js';
export { documentDecision, type DocumentDecision } from './document-decision.js';
export {
  situationOf,
  type PresentedDocument,
  type PresentedFacts,
  type ReaderState,
  type Situation,
  type SupportingDocument,
} from './situation.js';
export { SITUATION_ROWS, type Insured, type SituationRow } from './situation-rows.js';
export { claimFallback, type ClaimFallback } from './claim-fallback.js';
export { claimSpecialNote, hasCategory, type ClaimAgeGroup } from './claim-special-note.js';
export { lateElderlyIssue, type LateElderlyIssue } from './late-elderly-certificate.js';
