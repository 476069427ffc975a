// Refused with: The simulation knows the code under test, and nobody knows the simulation.
import { Random } from '../../../sim/src/random.js';

export const chance = new Random(1);
