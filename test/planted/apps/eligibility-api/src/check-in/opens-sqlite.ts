// Refused with: The corridor knows interfaces, no driver and no breaker.
import { DatabaseSync } from 'node:sqlite';

export const database = DatabaseSync;
