// Refused with: The vault knows its table and its keys: no wire, no log, no metric.
import { Logger } from 'nestjs-pino';

export const log = Logger;
