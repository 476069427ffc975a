// Refused with: The corridor knows the interfaces of replica, registry and log
import { CoverageRow } from '../coverage-store/entities/coverage-row.js';

export const row = CoverageRow;
