// Refused with: A re-check knows the interface of its store, and asks as a check is asked.
import { DataSource } from 'typeorm';

export const source = DataSource;
