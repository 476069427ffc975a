// For the TypeScript of the tests; the code says the same in its JSDoc.

import type { Client } from 'pg';

export declare const ownerRole: 'shikaku_owner';

export interface Passwords {
  owner: string;
  counter: string;
  office: string;
}

export interface DatabaseUrls {
  ownerUrl: string;
  counterUrl: string;
  officeUrl: string;
}

export declare function prepareEmbedded(
  url: (user: string, password: string, database: string) => string,
  wanted: { superuser: string; superuserPassword: string; database: string; passwords: Passwords },
): Promise<DatabaseUrls>;
export declare function prepareGiven(ownerUrl: string, passwords: Passwords): Promise<DatabaseUrls>;
export declare function loginRole(database: string, process: 'counter' | 'office'): string;
export declare function withClient<T>(connectionString: string, use: (client: Client) => Promise<T>): Promise<T>;
export declare function quoted(name: string): string;
