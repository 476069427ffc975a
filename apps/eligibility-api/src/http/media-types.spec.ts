import { accepts, preferred } from './media-types.js';

const PRODUCED = ['application/json', 'application/pdf'] as const;

it.each([
  [undefined, 'application/json'],
  ['', 'application/json'],
  ['*/*', 'application/json'],
  ['application/pdf', 'application/pdf'],
  ['APPLICATION/PDF', 'application/pdf'],
  ['application/*', 'application/json'],
  ['application/json, application/pdf', 'application/json'],
  ['application/json;q=0.5, application/pdf', 'application/pdf'],
  ['application/json, application/pdf;q=0.9', 'application/json'],
  ['text/html, application/pdf;q=0.8, */*;q=0.1', 'application/pdf'],
  ['application/json;q=0, */*', 'application/pdf'],
  ['text/html, */*;q=0.1', 'application/json'],
])('of %j it is %s that is wanted most', (accept, type) => {
  expect(accepts(accept, PRODUCED)).toBe(true);
  expect(preferred(accept, PRODUCED)).toBe(type);
});

it.each(['text/html', 'image/*', 'application/json;q=0', 'application/pdf;q=0, application/json;q=0'])(
  '%s allows none',
  (accept) => {
    expect(accepts(accept, PRODUCED)).toBe(false);
  },
);
