// Refused with: The registry's client keeps nothing.
import { Pool } from 'pg';

export const pool = Pool;
