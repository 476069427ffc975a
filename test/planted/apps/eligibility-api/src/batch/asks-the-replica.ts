// Refused with: A batch asks through the use case of check-in, and finds out nothing by itself.
import { FACTS_READER } from '../replica/facts-reader.js';

export const reader = FACTS_READER;
