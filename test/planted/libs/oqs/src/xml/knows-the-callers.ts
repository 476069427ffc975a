// Refused with: The national interface is text and bytes: no file, no network, no framework, no caller.
import { problems } from '@app/contracts';

export const known = problems;
