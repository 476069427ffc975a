// Refused with: Accesses are read through their own interface: whose they are is found by the key
import { AccessStore } from '../coverage-store/access-store.js';

export const store = AccessStore;
