// Refused with: Documents read through their own interfaces; a number is opened by the vault alone.
import { DocumentStore } from '../coverage-store/document-store.js';

export const store = DocumentStore;
