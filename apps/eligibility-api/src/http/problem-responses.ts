import { Problem, problems, type ProblemCode } from '@app/contracts';
import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';

/** Documents the problems an operation can reply with: one response a status, naming every code it can carry. */
export const ProblemResponses = (...codes: readonly ProblemCode[]): MethodDecorator =>
  problemResponses([...codes, ...limits(codes)]);

/** Of an operation that is served however much there is. */
export const UnlimitedProblemResponses = (...codes: readonly ProblemCode[]): MethodDecorator => problemResponses(codes);

/** What any operation with a caller may reply with. */
const limits = (codes: readonly ProblemCode[]): readonly ProblemCode[] =>
  codes.includes('token-missing')
    ? ['too-many-requests', codes.includes('answer-unavailable') ? 'overloaded' : 'check-in-first']
    : [];

const rateLimits = {
  'RateLimit-Policy': {
    description:
      'Quota of the client (draft-ietf-httpapi-ratelimit-headers-10); on every reply when less than half is left',
    schema: { type: 'string' },
    example: '"requests";q=5000;w=10',
  },
  RateLimit: {
    description: 'What is left of it, and in how many seconds it is whole again',
    schema: { type: 'string' },
    example: '"requests";r=2100;t=6',
  },
} as const;

const problemResponses = (codes: readonly ProblemCode[]): MethodDecorator => {
  // Whatever takes a token takes one that is bound to a key, and refuses a query that it does not know.
  const always = codes.includes('token-invalid')
    ? (['invalid-request', 'proof-invalid', 'proof-nonce-needed'] as const)
    : [];
  const byStatus = Map.groupBy(
    new Set([...codes, ...always, 'internal-error' as const]),
    (code) => problems[code].status,
  );
  return applyDecorators(
    ApiExtraModels(Problem),
    ...[...byStatus].map(([status, ofStatus]) =>
      ApiResponse({
        status,
        description: ofStatus.map((code) => `\`${code}\`: ${problems[code].title}`).join('\n\n'),
        content: { 'application/problem+json': { schema: { $ref: getSchemaPath(Problem) } } },
        ...(status === 503 || status === 429
          ? {
              headers: {
                'Retry-After': { description: 'Seconds', schema: { type: 'integer' } },
                ...(status === 429 ? rateLimits : {}),
              },
            }
          : {}),
        ...(status === 401 || status === 403
          ? { headers: { 'WWW-Authenticate': { description: 'RFC 6750', schema: { type: 'string' } } } }
          : {}),
      }),
    ),
  );
};
