// Refused with: The corridor knows interfaces, no driver and no breaker.
import { DataSource } from 'typeorm';

export const source = DataSource;
