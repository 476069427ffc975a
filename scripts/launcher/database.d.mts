// For the TypeScript of the tests; the code says the same in its JSDoc.

import type { Client } from 'pg';

import type { DatabaseUrls, Passwords } from './database-urls.mjs';

export declare function prepareEmbedded(
  url: (user: string, password: string, database: string) => string,
  wanted: { superuser: string; superuserPassword: string; database: string; passwords: Passwords },
): Promise<DatabaseUrls>;
export declare function prepareGiven(ownerUrl: string, passwords: Passwords): Promise<DatabaseUrls>;
export declare function withClient<T>(connectionString: string, use: (client: Client) => Promise<T>): Promise<T>;
export declare function quoted(name: string): string;
