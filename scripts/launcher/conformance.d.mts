// For the TypeScript of the tests; the code says the same in its JSDoc.

export interface Figure {
  what: string;
  value: string;
  from: string;
}

export interface Sample {
  name: string;
  labels: Readonly<Record<string, string>>;
  value: number;
}

export interface Recorded {
  weeks: { week: string; checks: number; degraded: number }[];
  silences: { after: string; since: Date; untilCheck: string; until: Date }[];
  writers: { writer: string; first: Date }[];
}

interface Span {
  from: Date;
  until: Date;
}

export declare function samplesOf(text: string): Sample[];
export declare function answeredWithin(samples: readonly Sample[], seconds: number): { within: number; all: number };
export declare function served(samples: readonly Sample[]): { served: number; all: number };
export declare function starts(writers: readonly { first: Date }[]): number;
export declare function recorded(databaseUrl: string, span: Span): Promise<Recorded>;
export declare function counted(url: string): Promise<Sample[]>;
export declare function figuresOf(record: Recorded, samples: readonly Sample[], span: Span): Figure[];
export declare function lastWeeks(weeks: number, now?: Date): Span;
