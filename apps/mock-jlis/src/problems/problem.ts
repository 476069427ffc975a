import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** Every problem this service can answer with. A code never changes its meaning. */
const PROBLEMS = {
  'invalid-request': { status: 400, title: 'The request is not what this operation takes; see errors' },
  'malformed-request': { status: 400, title: 'The request cannot be read' },
  'search-too-wide': { status: 400, title: 'A search needs the birth date and at least two more attributes' },
  'not-found': { status: 404, title: 'There is nothing here' },
  'certificate-unknown': { status: 404, title: 'No such certificate was ever issued' },
  'method-not-allowed': { status: 405, title: 'Not with this method; see Allow' },
  'certificate-not-current': { status: 409, title: 'This can no longer happen to the certificate' },
  'feed-truncated': { status: 410, title: 'Changes after that are no longer kept; load the population afresh' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'Send application/json' },
  'internal-error': { status: 500, title: 'A fault of this service' },
  'fault-injected': { status: 503, title: 'Unavailable, because a fault switch says so' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** One thing that is wrong with a request. */
export class ProblemError {
  @ApiProperty({ description: 'JSON pointer into the body or the query', example: '/serial' })
  pointer: string;

  @ApiProperty({ example: 'serial must match /^[0-9A-F]{8,40}$/ regular expression' })
  detail: string;
}

/** RFC 9457 problem details, `application/problem+json`. */
export class Problem {
  @ApiProperty({ example: 'about:blank' })
  type: string;

  @ApiProperty()
  title: string;

  @ApiProperty({ example: 400 })
  status: number;

  @ApiProperty({ enum: Object.keys(PROBLEMS) })
  code: ProblemCode;

  @ApiPropertyOptional({ type: [ProblemError] })
  errors?: ProblemError[];

  @ApiPropertyOptional({ description: 'With `feed-truncated`: the generation now' })
  generation?: string;

  @ApiPropertyOptional({ description: 'With `feed-truncated`: the last sequence there is' })
  last?: number;
}

type Extras = Pick<Problem, 'errors' | 'generation' | 'last'>;

export const problemBody = (code: ProblemCode, extras: Extras = {}): Problem => ({
  type: 'about:blank',
  title: PROBLEMS[code].title,
  status: PROBLEMS[code].status,
  code,
  ...extras,
});

/** Thrown anywhere below a controller to answer with a problem. */
export class ProblemException extends Error {
  override readonly name = 'ProblemException';
  readonly problem: Problem;

  constructor(code: ProblemCode, extras: Extras = {}) {
    super(code);
    this.problem = problemBody(code, extras);
  }
}
