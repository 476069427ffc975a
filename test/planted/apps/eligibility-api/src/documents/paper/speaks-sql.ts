// Refused with: Documents know the interface of their store, and write nothing.
import { DataSource } from 'typeorm';

export const source = DataSource;
