// Allowed: the registry's half of the contracts.
import { JlisPerson } from '@app/contracts/jlis';

export const person = JlisPerson;
