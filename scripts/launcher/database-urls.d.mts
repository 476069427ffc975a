// For the TypeScript of the tests; the code says the same in its JSDoc.

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

export declare function loginRole(database: string, process: 'counter' | 'office'): string;
export declare function databaseUrls(
  url: (user: string, password: string, database: string) => string,
  database: string,
  passwords: Passwords,
): DatabaseUrls;
