// For the TypeScript of the tests; the code says the same in its JSDoc.

export declare function isBuilt(): boolean;
export declare function build(node: string): Promise<void>;
