// Refused with: The truth does not know the wire.
import { problems } from '@app/contracts';

export const catalogue = problems;
