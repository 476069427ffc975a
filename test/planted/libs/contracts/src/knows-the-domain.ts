// Refused with: Contracts hold shapes only.
import { assess } from '../../domain/src/index.js';

export const answer = assess;
