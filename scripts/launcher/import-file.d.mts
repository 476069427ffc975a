// For the TypeScript of the tests; the code says the same in its JSDoc.

export interface ImportedCounts {
  rows: number;
  filed: number;
  refused: number;
}

export interface RefusedRow {
  line: number;
  errors: { pointer: string; code: string; detail: string }[];
}

export declare function importFile(options: {
  path: string;
  encoding: string;
  officeUrl: string;
  token: () => Promise<string>;
  progress: (done: ImportedCounts & { share: number }) => void;
  refused: (row: RefusedRow) => void;
  partBytesMax?: number;
}): Promise<ImportedCounts & { parts: number }>;
