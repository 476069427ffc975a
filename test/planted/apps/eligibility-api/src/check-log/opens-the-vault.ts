// Refused with: The record is kept for whoever answers, and knows no caller and no source of facts.
import { Vault } from '../vault/vault.js';

export const vault = Vault;
