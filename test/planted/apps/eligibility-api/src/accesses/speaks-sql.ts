// Refused with: Accesses know the interface of their store.
import { DataSource } from 'typeorm';

export const source = DataSource;
