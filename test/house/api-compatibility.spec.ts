import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { breakingChanges, type ApiDocument } from '../support/api-changes.js';

const root = join(import.meta.dirname, '../..');
const read = (path: string): ApiDocument => JSON.parse(readFileSync(join(root, path), 'utf8')) as ApiDocument;

/**
 * `docs/released/` holds the documents as callers have them in their hands: copies, made at a release. What breaks them does not get
 * in: docs/versioning.md.
 */
describe.each(['openapi', 'openapi-office'])('docs/%s.json', (name) => {
  const now = read(`docs/${name}.json`);

  it('breaks nothing that was released', () => {
    expect(breakingChanges(read(`docs/released/${name}.json`), now)).toEqual([]);
  });
});

const thing = (properties: object, required: string[] = []) => ({ type: 'object', properties, required });
const base = () => ({
  paths: {
    '/v1/things': {
      post: {
        security: [{ bearer: ['things:write'] }],
        parameters: [{ in: 'query', name: 'from', schema: { type: 'string', maxLength: 10 } }],
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Asked' } } } },
        responses: {
          '200': { content: { 'application/json': { schema: { $ref: '#/components/schemas/Given' } } } },
        },
      },
    },
  },
  components: {
    schemas: {
      Asked: thing({ kind: { type: 'string', enum: ['a', 'b'] }, size: { type: 'number', minimum: 0 } }, ['kind']),
      Given: thing(
        {
          id: { type: 'string', pattern: '^x$', maxLength: 5 },
          state: { type: 'string', enum: ['new', 'old'] },
          code: { type: 'string', enum: ['one'] },
          parts: { type: 'array', items: { $ref: '#/components/schemas/Part' } },
        },
        ['id', 'state'],
      ),
      Part: thing({ n: { type: 'integer' }, parts: { type: 'array', items: { $ref: '#/components/schemas/Part' } } }),
    },
  },
});
type Base = ReturnType<typeof base>;
type Loose = Record<string, any>;
const operation = (document: Base): Loose => document.paths['/v1/things'].post;
const schemas = (document: Base): Loose => document.components.schemas;

const after = (change: (document: Base) => void): string[] => {
  const changed = base();
  change(changed);
  return breakingChanges(base(), changed);
};

it.each<[string, (document: Base) => void, string]>([
  ['an address is gone', (d) => Reflect.deleteProperty(d.paths, '/v1/things'), 'POST /v1/things: is gone'],
  [
    'another scope is needed',
    (d) => (operation(d)['security'] = [{ bearer: ['things:write', 'more'] }]),
    'POST /v1/things: needs more now',
  ],
  ['a parameter is gone', (d) => (operation(d)['parameters'] = []), 'POST /v1/things: query from is gone'],
  [
    'a parameter must be given',
    (d) => (operation(d)['parameters'][0].required = true),
    'POST /v1/things: query from is required now',
  ],
  [
    'a parameter may be shorter',
    (d) => (operation(d)['parameters'][0].schema.maxLength = 9),
    'POST /v1/things query from: maxLength was 10 and is 9',
  ],
  [
    'a body must be sent',
    (d) => (operation(d)['requestBody'].required = true),
    'POST /v1/things: a body is required now',
  ],
  ['a field must be sent', (d) => schemas(d)['Asked'].required.push('size'), 'request Asked.size: is required now'],
  [
    'a field is taken no more',
    (d) => Reflect.deleteProperty(schemas(d)['Asked'].properties, 'size'),
    'request Asked.size: is gone',
  ],
  [
    'a value is taken no more',
    (d) => schemas(d)['Asked'].properties.kind.enum.pop(),
    'request Asked.kind: "b" is not taken any more',
  ],
  [
    'a number may not be as small',
    (d) => (schemas(d)['Asked'].properties.size.minimum = 1),
    'request Asked.size: minimum was 0 and is 1',
  ],
  [
    'a number must be whole',
    (d) => (schemas(d)['Asked'].properties.size.type = 'integer'),
    'request Asked.size: was number and is integer',
  ],
  [
    'a success is another',
    (d) => (operation(d)['responses'] = { '202': operation(d)['responses']['200'] }),
    'POST /v1/things: 200 is gone',
  ],
  [
    'a kind of answer is gone',
    (d) => (operation(d)['responses']['200'].content = { 'text/csv': {} }),
    'POST /v1/things 200: application/json is gone',
  ],
  [
    'a field of the answer is gone',
    (d) => Reflect.deleteProperty(schemas(d)['Given'].properties, 'parts'),
    'answer Given.parts: is gone',
  ],
  [
    'a field of the answer may be absent',
    (d) => schemas(d)['Given'].required.pop(),
    'answer Given.state: may be absent now',
  ],
  [
    'a field of the answer is of another type',
    (d) => (schemas(d)['Part'].properties.n.type = 'string'),
    'answer Part.n: was integer and is string',
  ],
  [
    'a field of the answer has a new value',
    (d) => schemas(d)['Given'].properties.state.enum.push('lost'),
    'answer Given.state: "lost" is new',
  ],
  [
    'a field of the answer is longer',
    (d) => (schemas(d)['Given'].properties.id.maxLength = 6),
    'answer Given.id: maxLength was 5 and is 6',
  ],
  [
    'a field of the answer looks otherwise',
    (d) => (schemas(d)['Given'].properties.id.pattern = '^y$'),
    'answer Given.id: another pattern',
  ],
])('a planted change is found: %s', (_what, change, expected) => {
  expect(after(change)).toEqual([expected]);
});

it.each<[string, (document: Base) => void]>([
  ['a new address', (d) => ((d.paths as Loose)['/v1/more'] = {})],
  [
    'a new parameter that may be left out',
    (d) => operation(d)['parameters'].push({ in: 'query', name: 'to', schema: {} }),
  ],
  ['a new field that may be left out', (d) => (schemas(d)['Asked'].properties.more = { type: 'string' })],
  ['a field that may be left out from now on', (d) => (schemas(d)['Asked'].required = [])],
  ['a value more is taken', (d) => schemas(d)['Asked'].properties.kind.enum.push('c')],
  ['a new field of the answer', (d) => (schemas(d)['Given'].properties.more = { type: 'string' })],
  ['a field of the answer is always there from now on', (d) => schemas(d)['Given'].required.push('parts')],
  ['a new code, which callers are told to expect', (d) => schemas(d)['Given'].properties.code.enum.push('two')],
  ['a new problem', (d) => (operation(d)['responses']['409'] = {})],
])('and breaks nobody: %s', (_what, change) => {
  expect(after(change)).toEqual([]);
});
