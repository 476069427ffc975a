// For the TypeScript of the tests; the code says the same in its JSDoc.

export declare const DOCUMENTS: readonly string[];

export declare function readPeople(who: string): string[];

export declare function issueDocuments(options: {
  document: string;
  people: readonly string[];
  out: string;
  officeUrl: string;
  token: () => Promise<string>;
  progress: (done: { done: number; total: number; refused: number }) => void;
  refused: (who: { insuredPersonId: string; code: string; title: string }) => void;
  batchMax?: number;
}): Promise<{ issued: number; refused: number; kept: number }>;
