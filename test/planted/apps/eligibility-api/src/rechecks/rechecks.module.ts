// Allowed: a module may know all of it.
import { RecheckStore } from '../coverage-store/recheck-store.js';

export const store = RecheckStore;
