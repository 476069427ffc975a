// Allowed: a module may know all of it.
import { FactsStore } from '../coverage-store/facts-store.js';

export const store = FactsStore;
