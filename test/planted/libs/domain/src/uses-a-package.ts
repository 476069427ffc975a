// Refused with: The domain stands alone: no framework, database or runtime.
import { randomUUID } from 'node:crypto';

export const newId = (): string => randomUUID();
