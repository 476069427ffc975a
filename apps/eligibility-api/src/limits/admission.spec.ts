import { Logger } from '@nestjs/common';

import { Admission, type RequestClass } from './admission.js';

const DELAY_MAX = 40;
const UNDER_WAY_MAX = 8;
/** Until something was measured. */
const CHECK_MS = 0.1;

/** A delay that has stood for less may be what a pause left. */
const WORKED_OFF_MS = 400;

let standingMs: number;
let stoodMs: number;
let now: number;
let shed: string[];
let admission: Admission;
beforeEach(() => {
  standingMs = 0;
  stoodMs = WORKED_OFF_MS;
  now = 1_000;
  shed = [];
  admission = new Admission({
    delay: {
      get standingMs() {
        return standingMs;
      },
      get stoodMs() {
        return stoodMs;
      },
    },
    delayMsMax: DELAY_MAX,
    underWayMax: UNDER_WAY_MAX,
    shed: (what, because) => shed.push(`${what} ${because}`),
    now: () => now,
  });
});

const CLASSES = ['batch', 'other', 'worked-out', 'token'] as const;
const refused = (): RequestClass[] => CLASSES.filter((what) => admission.refuses(what) !== undefined);

it.each([
  [0, []],
  [10, []],
  [10.01, ['batch']],
  [20, ['batch']],
  [20.01, ['batch', 'other']],
  [30, ['batch', 'other']],
  [30.01, ['batch', 'other', 'worked-out']],
  [40, ['batch', 'other', 'worked-out']],
  [40.01, ['batch', 'other', 'worked-out', 'token']],
])('at a standing delay of %d ms set aside are: %j', (ms, classes) => {
  standingMs = ms;
  expect(refused()).toEqual(classes);
});

it.each([
  [1, []],
  [2, ['batch']],
  [3, ['batch']],
  [4, ['batch', 'other']],
  [7, ['batch', 'other']],
  [8, ['batch', 'other', 'worked-out']],
])('with %i of eight places taken these get none: %j', (taken, classes) => {
  for (let i = 0; i < taken; i += 1) admission.begin();
  expect(refused()).toEqual(classes);
  expect(classes.length === 0 || admission.refuses('batch') === 'under-way').toBe(true);
  admission.end();
  admission.end();
  expect(refused().length).toBeLessThanOrEqual(Math.max(0, classes.length - (taken === 3 ? 1 : 0)));
});

it('tokens have places of their own: 64, whatever else is under way', () => {
  for (let i = 0; i < UNDER_WAY_MAX; i += 1) admission.begin();
  for (let i = 0; i < 63; i += 1) admission.beginToken();
  expect(admission.refuses('token')).toBeUndefined();
  admission.beginToken();
  expect(admission.refuses('token')).toBe('under-way');
  for (let i = 0; i < UNDER_WAY_MAX; i += 1) admission.end();
  expect(refused()).toEqual(['token']);
  admission.endToken();
  expect(refused()).toEqual([]);
});

describe('a turn', () => {
  const places = (): number => {
    let n = 0;
    while (!admission.isTurnFull(n)) n += 1;
    return n;
  };

  it.each([
    ['nobody waits', 0, (4 * DELAY_MAX) / CHECK_MS],
    ['a delay stands, up to half of what is too much', DELAY_MAX / 2, (4 * DELAY_MAX) / CHECK_MS],
    ['a delay stands, of more than that', DELAY_MAX / 2 + 0.01, DELAY_MAX / CHECK_MS],
  ])('takes what can be answered in time, four times that while no delay stands: %s', (_when, ms, expected) => {
    standingMs = ms;
    expect(places()).toBe(expected);
  });

  it('turns nobody away for what a pause left, until it should have been worked off', () => {
    standingMs = DELAY_MAX;
    stoodMs = WORKED_OFF_MS - 1;
    expect(places()).toBe((4 * DELAY_MAX) / CHECK_MS);
    stoodMs = WORKED_OFF_MS;
    expect(places()).toBe(DELAY_MAX / CHECK_MS);
  });

  it('takes fewer when a check takes longer, and as many as ever when that is over', () => {
    standingMs = DELAY_MAX;
    for (let i = 0; i < 100; i += 1) admission.turnTook(100, 20);
    expect(Math.abs(places() - DELAY_MAX / 0.2)).toBeLessThanOrEqual(1);
    for (let i = 0; i < 100; i += 1) admission.turnTook(100, 10);
    expect(Math.abs(places() - DELAY_MAX / CHECK_MS)).toBeLessThanOrEqual(1);
  });

  it('is not judged by one in which the machine did something else', () => {
    standingMs = DELAY_MAX;
    admission.turnTook(10, 10_000);
    // As if each check had taken four times as long, of which a tenth counts.
    expect(places()).toBe(Math.ceil(DELAY_MAX / (CHECK_MS * 1.3)));
  });

  it('of a few checks says nothing of what a check takes', () => {
    standingMs = DELAY_MAX;
    admission.turnTook(7, 7);
    expect(places()).toBe(DELAY_MAX / CHECK_MS);
  });

  it('takes 128, however slow it is', () => {
    standingMs = 10_000;
    for (let i = 0; i < 1_000; i += 1) admission.turnTook(100, 100_000);
    expect(places()).toBe(128);
  });
});

it.each([
  ['nothing is late', 10, 1_000, 0.5 / CHECK_MS],
  ['things come late', 10.01, 1_000, 0.1 / CHECK_MS],
  ['things come late and so many rest that it would take more than three seconds', 10.01, 9_000, 3],
])('connections come back as %s: at %d ms with %i resting, %d in a millisecond', (_when, ms, resting, expected) => {
  standingMs = ms;
  expect(admission.returnsPerMs(resting)).toBeCloseTo(expected, 6);
});

it('tells all that were turned away in one line, and says nothing when there were none', () => {
  const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
  admission.report();
  for (let i = 0; i < 3; i += 1) admission.shed('ordinary', 'turn');
  admission.shed('batch', 'delay');
  admission.report();
  admission.report();
  expect(warn.mock.calls).toEqual([[{ event: 'turned-away', 'ordinary turn': 3, 'batch delay': 1 }]]);
  expect(shed).toEqual(['ordinary turn', 'ordinary turn', 'ordinary turn', 'batch delay']);
  vi.restoreAllMocks();
});

it.each([
  ['35 % of ten milliseconds', 3.5, 10, false],
  ['more than that', 3.51, 10, true],
  ['all of nine: too short a time to tell', 9, 9, false],
])('checks are most of what there is to do when answering them took %s', (_what, ms, passed, expected) => {
  admission.turnTook(100, ms);
  now += passed;
  expect(admission.isCheckInFirst).toBe(expected);
});

it('and so it stays until ten milliseconds say otherwise', () => {
  admission.turnTook(100, 8);
  now += 10;
  expect(admission.isCheckInFirst).toBe(true);
  now += 9;
  expect(admission.isCheckInFirst).toBe(true);
  now += 1;
  expect(admission.isCheckInFirst).toBe(false);
});
