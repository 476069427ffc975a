import { problems, type Fallback, type ProblemCode, type ProblemDefinition, type ProblemError } from '@app/contracts';

export interface ProblemDetails {
  /** One sentence about this occurrence; no personal data, nothing of what was sent. */
  readonly detail?: string;
  readonly errors?: readonly ProblemError[];
  readonly fallback?: Fallback;
  readonly retryAfterSeconds?: number;
  /** Further reply headers, such as WWW-Authenticate or Allow. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Who is woken, where it is not the code's usual owner. */
  readonly owner?: ProblemDefinition['owner'];
  /** For the log only. */
  readonly cause?: unknown;
}

/** A reply that is one of the catalogue's problems. */
export class ProblemException extends Error {
  readonly status: number;

  constructor(
    readonly code: ProblemCode,
    readonly details: ProblemDetails = {},
  ) {
    super(problems[code].title, details.cause === undefined ? {} : { cause: details.cause });
    this.name = 'ProblemException';
    this.status = problems[code].status;
  }
}
