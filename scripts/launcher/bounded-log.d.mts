// For the TypeScript of the tests; the code says the same in its JSDoc.

export declare class BoundedLog {
  constructor(path: string, complain?: (text: string) => void);
  readonly path: string;
  write(chunk: Buffer | string): void;
  lastLines(count?: number): string[];
  close(): void;
}
