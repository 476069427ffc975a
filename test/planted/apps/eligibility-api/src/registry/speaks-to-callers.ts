// Refused with: speaks the registry's half of the contracts
import { problems } from '@app/contracts';

export const catalogue = problems;
