// Refused with: The mock shares only the registry's wire
import { assess } from '@app/domain';

export const answer = assess;
