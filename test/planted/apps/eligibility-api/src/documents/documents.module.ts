// Allowed: a module may know all of it.
import { DocumentStore } from '../coverage-store/document-store.js';

export const store = DocumentStore;
