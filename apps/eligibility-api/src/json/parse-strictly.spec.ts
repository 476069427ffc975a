import * as fc from 'fast-check';

import { DuplicateName, parseStrictly } from './parse-strictly.js';

it.each([
  '{"a":1,"a":1}',
  '{"a":1,"b":2,"a":3}',
  '{"a":{"b":1,"b":2}}',
  '[{"a":1},{"a":1,"a":{}}]',
  '{"a":"x","\\u0061":"y"}',
  '{"a":"\\"","a":"\\\\"}',
  '{"a":[],"a":{}}',
  '{"":1,"":2}',
  '{"1":"a","1":"b"}',
  '{"a":{"deep":["x","y"]},"a":null}',
  '{"a":null,"a":{"deep":["x","y"]}}',
])('%s has a name twice', (json) => {
  expect(() => parseStrictly(json)).toThrow(DuplicateName);
});

it.each([
  '{"a":{"a":1},"b":{"a":1}}',
  '["a","a"]',
  '{"a":"a"}',
  '"a"',
  '7',
  'null',
  '{"a":"\\"a\\":1"}',
  '{"\\\\":"\\\\"}',
])('%s has none twice', (json) => {
  expect(parseStrictly(json)).toEqual(JSON.parse(json));
});

it('whatever is written as JSON is read as it is', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(0, 2), (value, indent) => {
      // Of `__proto__` JSON.parse makes a member like any other.
      expect(JSON.stringify(parseStrictly(JSON.stringify(value, undefined, indent)))).toBe(
        JSON.stringify(JSON.parse(JSON.stringify(value))),
      );
    }),
  );
});

it('a name given a second time is always seen', () => {
  const member = fc.tuple(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 2 }));
  fc.assert(
    fc.property(
      fc.uniqueArray(member, { selector: ([name]) => name, minLength: 1 }),
      fc.nat(),
      fc.jsonValue(),
      (members, pick, again) => {
        const [name] = members[pick % members.length] as [string, unknown];
        const json = [...members, [name, again] as const]
          .map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`)
          .join(',');
        expect(() => parseStrictly(`{${json}}`)).toThrow(DuplicateName);
      },
    ),
  );
});

it('what is no JSON is a syntax error, and depth is no trouble', () => {
  expect(() => parseStrictly('{"a":}')).toThrow(SyntaxError);
  const depth = 50_000;
  expect(() => parseStrictly(`${'['.repeat(depth)}${']'.repeat(depth)}`)).not.toThrow(DuplicateName);
});
