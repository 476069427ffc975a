// Allowed: a module may know all of it.
import { BatchStore } from '../coverage-store/batch-store.js';

export const store = BatchStore;
