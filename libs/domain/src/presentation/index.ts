export {
  FALLBACK_DOCUMENTS,
  fallbackDocumentsOn,
  type FallbackCode,
  type FallbackDocument,
} from './fallback-documents.js';
