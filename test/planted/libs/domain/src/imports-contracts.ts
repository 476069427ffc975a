// Refused with: The domain stands alone.
import { Verdict } from '../../contracts/src/index.js';

export const verdict = Verdict;
