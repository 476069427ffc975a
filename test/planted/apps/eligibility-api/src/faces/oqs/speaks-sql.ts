// Refused with: A face reads a request into the one question
import { Client } from 'pg';

export const client = Client;
