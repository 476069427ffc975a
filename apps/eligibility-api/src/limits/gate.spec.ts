import { classOf } from './gate.js';

it.each([
  ['POST', '/v1/eligibility-batches', 'batch'],
  ['GET', '/v1/eligibility-batches/0193/results?from=3', 'batch'],
  ['POST', '/v1/eligibility-checks', 'worked-out'],
  ['GET', '/v1/eligibility-checks', 'other'],
  ['GET', '/v1/eligibility-checks/0193', 'other'],
  ['POST', '/v1/window-charges', 'other'],
  ['GET', '/v1/rechecks', 'other'],
  ['GET', '/docs', 'other'],
  ['GET', '/nowhere', 'other'],
  ['GET', '/health/ready', undefined],
  ['GET', '/metrics', undefined],
  ['POST', '/oauth/token', undefined],
  ['GET', '/.well-known/jwks.json', undefined],
  ['GET', '/v1/operations/state', undefined],
])('%s %s is %s', (method, url, what) => {
  expect(classOf(method, url)).toBe(what);
});
