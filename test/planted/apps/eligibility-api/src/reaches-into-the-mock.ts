// Refused with: Apps meet over HTTP.
import { population } from '../../mock-jlis/src/population.js';

export const people = population;
