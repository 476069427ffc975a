// Refused with: A re-check asks through the use case of check-in, and finds out nothing by itself.
import { RecheckStore } from '../coverage-store/recheck-store.js';

export const store = RecheckStore;
