// Refused with: The store serves the corridor through its interface and knows no caller.
import { Vault } from '../vault/vault.js';

export const vault = Vault;
