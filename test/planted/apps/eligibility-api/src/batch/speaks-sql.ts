// Refused with: A batch knows the interface of its store, and asks as a check is asked.
import { DataSource } from 'typeorm';

export const source = DataSource;
