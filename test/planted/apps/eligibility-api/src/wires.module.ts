// Refused with: Come in by the front door of the library.
import { assess } from '../../../libs/domain/src/index.js';

export const answer = assess;
