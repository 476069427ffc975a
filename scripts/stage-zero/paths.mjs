import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const checkout = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const modules = join(checkout, 'node_modules');
export const dist = join(checkout, 'dist');
