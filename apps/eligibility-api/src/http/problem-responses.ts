import { Problem, problems, type ProblemCode } from '@app/contracts';
import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';

/** Documents the problems an operation can reply with: one response a status, naming every code it can carry. */
export const ProblemResponses = (...codes: readonly ProblemCode[]): MethodDecorator => {
  const byStatus = Map.groupBy([...codes, 'internal-error' as const], (code) => problems[code].status);
  return applyDecorators(
    ApiExtraModels(Problem),
    ...[...byStatus].map(([status, ofStatus]) =>
      ApiResponse({
        status,
        description: ofStatus.map((code) => `\`${code}\`: ${problems[code].title}`).join('\n\n'),
        content: { 'application/problem+json': { schema: { $ref: getSchemaPath(Problem) } } },
        ...(status === 503 || status === 429
          ? { headers: { 'Retry-After': { description: 'Seconds', schema: { type: 'integer' } } } }
          : {}),
        ...(status === 401 || status === 403
          ? { headers: { 'WWW-Authenticate': { description: 'RFC 6750', schema: { type: 'string' } } } }
          : {}),
      }),
    ),
  );
};
