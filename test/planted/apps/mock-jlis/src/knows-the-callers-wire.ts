// Refused with: The mock shares only the registry's wire
import { problems } from '@app/contracts';

export const catalogue = problems;
