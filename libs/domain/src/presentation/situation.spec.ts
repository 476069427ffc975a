import { civilDate } from '../calendar/index.js';
import { situationOf } from './situation.js';

it.each([
  ['mynacard_registered', 'card-at-reader'],
  ['mynacard_unregistered', 'card-to-register-at-reader'],
] as const)('%s, of whose certificate nothing is said, is taken for valid: %s', (document, situation) => {
  expect(situationOf({ document, reader: 'online', date: civilDate('2026-11-22') })).toBe(situation);
});
