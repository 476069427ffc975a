import { problems, type Problem, type ProblemCode } from '@app/contracts';
import { civilDate } from '@app/domain';
import { HttpException, Logger, NotFoundException, type ArgumentsHost } from '@nestjs/common';

import { fallbackOn } from './fallback.js';
import { ProblemException } from './problem.exception.js';
import { ProblemFilter } from './problem.filter.js';

interface Reply {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Problem;
}

let lines: { level: string; line: Record<string, unknown> }[];

beforeEach(() => {
  lines = [];
  for (const level of ['error', 'warn', 'debug', 'log'] as const)
    vi.spyOn(Logger.prototype, level).mockImplementation((line: unknown) => {
      lines.push({ level, line: line as Record<string, unknown> });
    });
});

afterEach(() => vi.restoreAllMocks());

const catching = (exception: unknown, url = '/v1/eligibility-checks', methods: readonly string[] = []): Reply => {
  let status = 0;
  let headers: Record<string, string> = {};
  let sent = '';
  let write = (payload: unknown): unknown => payload;
  const reply = {
    status: (code: number) => ((status = code), reply),
    headers: (more: Record<string, string>) => ((headers = { ...headers, ...more }), reply),
    type: (type: string) => ((headers = { ...headers, 'content-type': type }), reply),
    serializer: (serialise: typeof write) => ((write = serialise), reply),
    send: (payload: unknown) => ((sent = write(payload) as string), reply),
  };
  const host = { switchToHttp: () => ({ getRequest: () => ({ url }), getResponse: () => reply }) };
  new ProblemFilter({ methodsOf: () => methods }, { now: () => NOW }).catch(
    exception,
    host as unknown as ArgumentsHost,
  );
  return { status, headers, body: JSON.parse(sent) as Problem };
};

const NOW = Date.parse('2026-11-22T09:00:00.000+09:00');
const UUID = /^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe('a problem of the catalogue', () => {
  it.each(Object.keys(problems) as ProblemCode[])('%s leaves as the catalogue has it', (code) => {
    const { status, headers, body } = catching(new ProblemException(code));
    const { title, retryable } = problems[code];
    expect(status).toBe(problems[code].status);
    expect(headers).toMatchObject({
      'content-type': 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
    });
    expect(body).toMatchObject({ type: `/docs/errors#${code}`, title, status, code, retryable });
    expect(body.instance).toMatch(UUID);
  });

  it('carries what this occurrence has to say', () => {
    const errors = [{ pointer: '/serviceDate', code: 'range', detail: 'must lie from 2015-01-01' }];
    const { body } = catching(new ProblemException('invalid-request', { detail: 'One sentence.', errors }));
    expect(body).toMatchObject({ detail: 'One sentence.', errors });
    expect(catching(new ProblemException('invalid-request')).body).not.toHaveProperty('detail');
    expect(catching(new ProblemException('invalid-request')).body).not.toHaveProperty('errors');
  });

  it('has its own headers beside ours', () => {
    const { headers } = catching(new ProblemException('token-missing', { headers: { 'www-authenticate': 'Bearer' } }));
    expect(headers).toMatchObject({ 'www-authenticate': 'Bearer', 'cache-control': 'no-store' });
  });

  it.each([
    ['answer-unavailable', undefined, '5'],
    ['answer-unavailable', 30, '30'],
    ['too-many-requests', undefined, '5'],
    ['invalid-request', undefined, undefined],
    ['internal-error', undefined, undefined],
  ] as const)('%s with %s says when to come again: %s', (code, retryAfterSeconds, retryAfter) => {
    const details = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
    expect(catching(new ProblemException(code, details)).headers['retry-after']).toBe(retryAfter);
  });

  it('every 503 says what to ask for today, but those that leave no clerk without an answer', () => {
    const codes = (Object.keys(problems) as ProblemCode[]).filter((code) => problems[code].status === 503);
    const silent = codes.filter((code) => catching(new ProblemException(code)).body.fallback === undefined);
    // Past checks and re-checks, insurers' filings, documents and accesses, and the fault switches of operators.
    expect(silent).toEqual([
      'list-unavailable',
      'filings-unavailable',
      'documents-unavailable',
      'accesses-unavailable',
      'registry-unavailable',
    ]);
  });

  it.each(['answer-unavailable', 'internal-error', 'batches-unavailable'] as const)(
    '%s says it by the day that was asked about, or by today',
    (code) => {
      const { body } = catching(new ProblemException(code));
      expect(body.fallback?.date).toBe('2026-11-22');
      expect(body.fallback?.documents.map((document) => document.code)).toContain('qualification-certificate');
      const { body: ofDay } = catching(new ProblemException(code, { fallback: fallbackOn(civilDate('2025-12-01')) }));
      expect(ofDay.fallback?.documents.map((document) => document.code)).toContain('insurance-card');
    },
  );

  it('a mistake of the caller says nothing of the kind', () => {
    expect(catching(new ProblemException('invalid-request')).body).not.toHaveProperty('fallback');
  });

  it('two occurrences are told apart, and each is found in the log', () => {
    const first = catching(new ProblemException('not-found')).body.instance;
    const second = catching(new ProblemException('not-found')).body.instance;
    expect(first).not.toBe(second);
    expect(lines.map(({ line }) => line['instance'])).toEqual([first, second]);
  });
});

describe('an error of the framework', () => {
  it.each([
    [400, 'malformed-json'],
    [401, 'token-missing'],
    [403, 'scope-missing'],
    [404, 'not-found'],
    [406, 'not-acceptable'],
    [413, 'body-too-large'],
    [415, 'unsupported-media-type'],
    [429, 'too-many-requests'],
    [418, 'internal-error'],
    [500, 'internal-error'],
  ] as const)('%s, of Nest or of Fastify, is %s', (status, code) => {
    const ofFastify = Object.assign(new Error('TARO'), { statusCode: status, code: 'FST_ERR_X' });
    for (const exception of [new HttpException('TARO', status), ofFastify]) {
      const { status: replied, body } = catching(exception);
      expect(body.code).toBe(code);
      expect(replied).toBe(problems[code].status);
      expect(JSON.stringify(body)).not.toContain('TARO');
    }
  });

  it('404 where only the method is wrong says so, and which there are', () => {
    const { body, headers } = catching(new NotFoundException(), '/v1/eligibility-checks?x=1', ['GET', 'POST']);
    expect(body.code).toBe('method-not-allowed');
    expect(headers['allow']).toBe('GET, POST');
  });

  it.each([
    ['an error', new TypeError('x is not a function')],
    ['a string', 'TARO'],
    ['undefined', undefined],
    ['null', null],
    ['a status that is no number', { statusCode: '404' }],
  ])('whatever else is thrown is ours: %s', (_what, thrown) => {
    const { status, body } = catching(thrown);
    expect([status, body.code]).toEqual([500, 'internal-error']);
    expect(Object.keys(body).toSorted()).toEqual(
      expect.arrayContaining(['code', 'instance', 'retryable', 'status', 'title', 'type']),
    );
    expect(JSON.stringify(body)).not.toMatch(/TARO|is not a function|\bat .*:\d/);
  });
});

describe('the log', () => {
  it.each([
    ['ours is an alarm', 'internal-error', 'error'],
    ['what the caller sent wrong is none', 'invalid-request', 'debug'],
    ['nor is a missing token', 'token-missing', 'debug'],
  ] as const)('%s', (_what, code, level) => {
    catching(new ProblemException(code));
    expect(lines.map((entry) => entry.level)).toEqual([level]);
    expect(lines[0]?.line).toMatchObject({ code, owner: problems[code].owner, status: problems[code].status });
  });

  const logged = (cause: unknown): { text: string; line: Record<string, unknown> } => {
    catching(new ProblemException('answer-unavailable', { cause }));
    const line = lines.at(-1)?.line ?? {};
    return { text: JSON.stringify(line), line };
  };

  it('names causes and their codes, and never what they say', () => {
    const database = Object.assign(new Error('Key (number)=(1987654) already exists'), { code: '23505' });
    const query = Object.assign(new TypeError('while reading TARO', { cause: database }), {
      parameters: ['1987654'],
    });
    const { text, line } = logged(query);
    expect(line['cause']).toEqual([{ name: 'TypeError' }, { name: 'Error', code: '23505' }]);
    expect(text).not.toMatch(/1987654|TARO|already exists|while reading/);
  });

  it('names an unexpected error in the same way', () => {
    catching(new RangeError('TARO'));
    expect(lines[0]?.line['cause']).toEqual([{ name: 'RangeError' }]);
    expect(JSON.stringify(lines)).not.toContain('TARO');
  });

  it('says where in our code, without the machine’s folders', () => {
    const { line } = logged(new Error('x'));
    expect(line['at']).toMatch(/^at .*\(?apps\/eligibility-api\/src\/problems\/problem\.filter\.spec\.ts:\d+:\d+\)?$/);
  });

  it.each([
    ['a message with a path of ours', 'no such file: /srv/apps/patients/1987654.csv'],
    ['a message of several lines', 'broken\n/srv/apps/patients/1987654.csv\n/dist/1987654'],
    ['a message that looks like a stack', 'broken\n    at 1987654 (/srv/apps/eligibility-api/x.ts:1:1)'],
  ])('%s does not leave by way of the stack', (_what, message) => {
    const { text, line } = logged(new Error(message));
    expect(text).not.toContain('1987654');
    expect(line['at']).toContain('problem.filter.spec.ts');
  });

  it('nor does a message that was replaced after its stack was made', () => {
    const error = new Error('no such file: /srv/apps/patients/1987654.csv');
    // Read once, it stays as it was.
    expect(error.stack).toContain('1987654');
    error.message = '資';
    expect(logged(error).text).not.toContain('1987654');
  });

  it('a chain without end is cut', () => {
    const error = new Error('x');
    error.cause = error;
    expect(logged(error).line['cause']).toHaveLength(5);
  });

  it.each([
    ['a string', '1987654'],
    ['an object', { password: '1987654' }],
  ])('a cause that is no error says nothing: %s', (_what, cause) => {
    const { text, line } = logged(cause);
    expect(line).not.toHaveProperty('cause');
    expect(text).not.toContain('1987654');
  });
});
