// Refused with: A number that the registry gives is handed on as one that prints nothing
import { Vault } from '../vault/vault.js';

export const vault = Vault;
