// Refused with: Come in by the front door of the library.
import { assess } from '@app/domain/eligibility/assess.js';

export const answer = assess;
