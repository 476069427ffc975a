// Refused with: The store serves the corridor through its interface
import { registry } from '../registry/registry.js';

export const ask = registry;
