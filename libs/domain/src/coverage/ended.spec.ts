import { civilDate } from '../calendar/index.js';
import { validityOn } from './index.js';

const held = (name: string, acquired: string, lost?: string | null) => ({
  name,
  acquiredOn: civilDate(acquired),
  ...(lost === undefined ? {} : { lostOn: lost === null ? null : civilDate(lost) }),
});

const early = held('early', '2018-04-01', '2019-04-01');
const late = held('late', '2020-04-01', '2024-04-01');
const middle = held('middle', '2019-04-01', '2020-04-01');

/** Of what is over, the one that ended last; of two that ended on one day, the first named. */
it.each([
  ['one after the other', [early, late], 'late'],
  ['the other way round', [late, early], 'late'],
  ['the last in the middle', [early, late, middle], 'late'],
  ['two on one day', [held('first', '2018-04-01', '2024-04-01'), late], 'first'],
  ['one lost today', [early, held('today', '2020-04-01', '2026-11-22')], 'today'],
  ['one still to come', [early, held('to come', '2026-11-23')], 'early'],
  ['one still to come, written with null', [early, held('to come', '2026-11-23', null)], 'early'],
  ['one to come and to be lost', [early, held('to come', '2026-11-23', '2026-12-01')], 'early'],
])('%s', (_how, history, name) => {
  expect(validityOn(history, civilDate('2026-11-22'))).toMatchObject({ code: '2', covering: [], ended: { name } });
});

it.each([
  ['nothing', []],
  ['one still to come', [held('to come', '2026-11-23')]],
  ['one still to come, written with null', [held('to come', '2026-11-23', null)]],
])('nobody has ended where there is %s', (_what, history) => {
  expect(validityOn(history, civilDate('2026-11-22'))).toEqual({ code: '4', covering: [] });
});
