// Refused with: A face asks through the use case of check-in.
import { CoverageStore } from '../../coverage-store/coverage-store.js';

export const store = CoverageStore;
