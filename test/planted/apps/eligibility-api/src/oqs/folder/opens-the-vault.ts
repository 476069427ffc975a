// Refused with: A face asks through the use case of check-in, and finds out nothing by itself.
import { Vault } from '../../vault/vault.js';

export const vault = Vault;
