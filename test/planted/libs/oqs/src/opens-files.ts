// Refused with: The national interface is text and bytes: no file, no network, no framework, no caller.
import { readFileSync } from 'node:fs';

export const message = readFileSync;
