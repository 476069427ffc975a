// Allowed: a module may know all of it.
import { ReceptionStore } from '../coverage-store/reception-store.js';

export const store = ReceptionStore;
