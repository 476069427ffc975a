// For the TypeScript of the tests; the code says the same in its JSDoc.

export declare const superuser: 'postgres';

export interface ClusterPlace {
  folder: string;
  password: string;
  log: { write(chunk: Buffer | string): void; lastLines(count?: number): string[]; readonly path: string };
  lasting?: boolean;
  at?: { host: string; port: number };
  signal?: AbortSignal;
  way?: { only?: string };
}

export interface Cluster {
  readonly host: string;
  readonly port: number;
  readonly pid: number;
  readonly way: string;
  readonly exited: Promise<string>;
  readonly url: (user: string, password: string, database: string) => string;
  stop(how?: 'orderly' | 'hurried'): Promise<void>;
}

export declare function startCluster(place: ClusterPlace): Promise<Cluster>;
export declare function clusterUrl(
  place: { host: string; port: number },
  user: string,
  password: string,
  database: string,
): string;
export declare function freePort(): Promise<number>;
