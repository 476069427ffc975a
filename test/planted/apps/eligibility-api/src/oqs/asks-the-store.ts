// Refused with: A face asks through the use case of check-in, and finds out nothing by itself.
import { FactsStore } from '../coverage-store/facts-store.js';

export const store = FactsStore;
