// For the TypeScript of the tests; the code says the same in its JSDoc.

export interface Manifest {
  format: string;
  takenAt: string;
  migrations: string[];
  months: string[];
  tables: { name: string; rows: number; sha256: string }[];
  sequences: { table: string; column: string; next: string }[];
}

export declare function backUp(ownerUrl: string, folder: string, note?: (text: string) => void): Promise<Manifest>;
export declare function restore(ownerUrl: string, folder: string, note?: (text: string) => void): Promise<Manifest>;
