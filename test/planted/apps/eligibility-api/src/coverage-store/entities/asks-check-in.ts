// Refused with: The store serves the corridor through its interface
import { checkIn } from '../../check-in/check-in.js';

export const use = checkIn;
