// Allowed: a number that the registry gives goes on as one that prints nothing.
import { IndividualNumber } from '../vault/individual-number.js';

export const read = IndividualNumber.read;
