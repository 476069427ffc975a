// Refused with: A face knows interfaces, and holds no rule.
import { Client } from 'pg';

export const client = Client;
