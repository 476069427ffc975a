// Refused with: The corridor knows the interfaces of replica, registry and log, not what lies behind them.
import { Vault } from '../vault/vault.js';

export const vault = Vault;
