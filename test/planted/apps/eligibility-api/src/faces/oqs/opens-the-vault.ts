// Refused with: A face asks through the use case of check-in.
import { Vault } from '../../vault/vault.js';

export const vault = Vault;
