// Allowed: a module may know all of it.
import { AccessStore } from '../coverage-store/access-store.js';

export const store = AccessStore;
