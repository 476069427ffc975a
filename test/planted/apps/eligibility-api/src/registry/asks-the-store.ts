// Refused with: The registry and the coverage store fail apart
import { CoverageStore } from '../coverage-store/coverage-store.js';

export const store = CoverageStore;
