// For the TypeScript of the tests; the code says the same in its JSDoc.

interface StaffSubject {
  operator: string;
  subject: string;
}

export interface Staff {
  operator: string;
  certificateSerial: string;
  insurerNumber: string;
  insuredIdentificationNumber: string;
}

export interface Asked {
  from: Date;
  until: Date;
  place: string | undefined;
  opens: string;
  closes: string;
  closed: readonly string[];
  peopleMax: number;
  usersMax: number;
  staff: readonly StaffSubject[];
}

export interface User {
  place: string;
  client: string;
  operator: string | null;
  accesses: number;
  people: number;
  peopleInADay: number;
  afterHours: number;
  weekend: number;
  own: number;
  terminals: readonly string[];
  why: readonly string[];
  flags: readonly string[];
}

interface Person {
  subject: string;
  users: number;
  accesses: number;
  places: readonly string[];
}

export interface Review {
  users: readonly User[];
  people: readonly Person[];
}

export type Access = Readonly<Record<string, string | null | boolean>>;

export declare function reviewed(databaseUrl: string, asked: Asked): Promise<Review>;
export declare function flagsOf(
  user: Pick<User, 'operator' | 'afterHours' | 'weekend' | 'own' | 'peopleInADay'>,
  asked: Pick<Asked, 'peopleMax'>,
): string[];
export declare function eachAccess(databaseUrl: string, asked: Asked): AsyncGenerator<readonly Access[], void>;
export declare const CSV_HEAD: string;
export declare function csvOf(rows: readonly Access[]): string;
export declare function readStaff(text: string): Staff[];
export declare function subjectsOf(staff: readonly Staff[], key: string): StaffSubject[];
export declare function shownReview(review: Review): string;
