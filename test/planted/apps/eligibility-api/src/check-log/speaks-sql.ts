// Refused with: The journal knows files; PostgreSQL is behind ShippedChecks.
import { DataSource } from 'typeorm';

export const store = DataSource;
