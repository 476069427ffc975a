import { problems, type ProblemCode } from '@app/contracts';

interface AnyReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** In a value that is wrong, so that a reply which repeats what was sent is found. */
export const CANARY = 'CANARY7e57';

/** Holds a reply to RFC 9457 and to the catalogue; gives the problem for what is particular to the case. */
export const expectProblem = (reply: AnyReply, code: ProblemCode): Record<string, any> => {
  expect(reply.text.toLowerCase()).not.toContain(CANARY.toLowerCase());
  expect(reply.text).not.toMatch(/node_modules|\.ts:\d|\.js:\d|stack|select |insert |FST_ERR/i);
  const problem = JSON.parse(reply.text) as Record<string, any>;
  expect(problem).toMatchObject({
    code,
    status: problems[code].status,
    title: problems[code].title,
    type: `/docs/errors#${code}`,
    retryable: problems[code].retryable,
  });
  expect(problem['instance']).toMatch(/^urn:uuid:[0-9a-f-]{36}$/);
  expect(reply.status).toBe(problems[code].status);
  expect(reply.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(reply.headers.get('cache-control')).toBe('no-store');
  return problem;
};
