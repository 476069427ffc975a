import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type Json = Record<string, any>;

/** A pattern that only so many characters can match: it is anchored, and nothing in it repeats without an end. */
const isBounded = (pattern: string): boolean =>
  pattern.startsWith('^') &&
  pattern.endsWith('$') &&
  !/[*+]|\{\d+,\}/.test(pattern.replaceAll(/\\.|\[(?:\\.|[^\]\\])*\]/g, 'x'));

/** What of a schema has no end, as paths. Followed through every reference, once each. */
const endless = (schemas: Json, schema: Json, at: string, seen = new Set<string>()): string[] => {
  const ref = schema['$ref'] as string | undefined;
  if (ref !== undefined) {
    if (seen.has(ref)) return [];
    seen.add(ref);
    const name = ref.split('/').at(-1) as string;
    return endless(schemas, schemas[name] as Json, name, seen);
  }
  const of = (one: unknown, where: string): string[] => endless(schemas, one as Json, where, seen);
  const types = [schema['type'] ?? []].flat() as string[];
  const isListed = schema['enum'] !== undefined || schema['const'] !== undefined;
  return [
    ...(types.includes('string') &&
    !isListed &&
    schema['maxLength'] === undefined &&
    !isBounded(schema['pattern'] ?? '')
      ? [`${at}: a string`]
      : []),
    ...(types.some((type) => type === 'integer' || type === 'number') &&
    !isListed &&
    ((schema['minimum'] ?? schema['exclusiveMinimum']) === undefined ||
      (schema['maximum'] ?? schema['exclusiveMaximum']) === undefined)
      ? [`${at}: a number`]
      : []),
    ...(types.includes('array') && schema['maxItems'] === undefined ? [`${at}: a list`] : []),
    ...Object.entries((schema['properties'] ?? {}) as Json).flatMap(([name, one]) => of(one, `${at}.${name}`)),
    ...(schema['items'] === undefined ? [] : of(schema['items'], `${at}[]`)),
    ...(['oneOf', 'anyOf', 'allOf'] as const).flatMap((choice) =>
      ((schema[choice] ?? []) as unknown[]).flatMap((one) => of(one, at)),
    ),
  ];
};

/** What callers may send, of every operation: bodies, parameters and headers. A file has the end that its operation sets in bytes. */
const sent = (document: Json): [string, Json][] =>
  Object.entries(document['paths'] as Json).flatMap(([path, item]) =>
    Object.entries(item as Json).flatMap(([method, operation]) => [
      ...((operation.parameters ?? []) as Json[]).map((one): [string, Json] => [
        `${method} ${path} ${one['name']}`,
        one['schema'] as Json,
      ]),
      ...Object.entries((operation.requestBody?.content ?? {}) as Json)
        .filter(([type]) => type !== 'text/csv')
        .map(([, media]): [string, Json] => [`${method} ${path} body`, (media as Json)['schema'] as Json]),
    ]),
  );

describe.each(['openapi', 'openapi-office'])('docs/%s.json', (name) => {
  it('nothing that may be sent is without an end: strings, numbers and lists say how much they may hold', () => {
    const document = JSON.parse(readFileSync(join(import.meta.dirname, '../../docs', `${name}.json`), 'utf8')) as Json;
    const found = sent(document).flatMap(([at, schema]) => endless(document['components'].schemas as Json, schema, at));
    expect([...new Set(found)]).toEqual([]);
  });
});

it.each([
  [{ type: 'string' }, ['x: a string']],
  [{ type: 'string', maxLength: 5 }, []],
  [{ type: 'string', enum: ['a'] }, []],
  [{ type: 'string', pattern: '^\\d{4}$' }, []],
  [{ type: 'string', pattern: '^\\d+$' }, ['x: a string']],
  [{ type: 'string', pattern: '^[a-z+*]{1,5}\\+$' }, []],
  [{ type: 'string', pattern: '\\d{4}' }, ['x: a string']],
  [{ type: ['integer', 'null'], minimum: 0 }, ['x: a number']],
  [{ type: 'integer', minimum: 0, maximum: 9 }, []],
  [{ type: 'array', items: { type: 'string' } }, ['x: a list', 'x[]: a string']],
  [{ oneOf: [{ type: 'object', properties: { a: { type: 'string' } } }] }, ['x.a: a string']],
  [{ $ref: '#/components/schemas/Tree' }, ['Tree.name: a string']],
])('%j', (schema, expected) => {
  const Tree = {
    type: 'object',
    properties: { name: { type: 'string' }, below: { $ref: '#/components/schemas/Tree' } },
  };
  expect(endless({ Tree }, schema, 'x')).toEqual(expected);
});
