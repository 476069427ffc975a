// Refused with: The registry and the coverage store fail apart
import { checkIn } from '../check-in/check-in.js';

export const use = checkIn;
