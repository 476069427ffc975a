import { SettableClock } from '../clock/clock.js';
import { Faults } from './faults.js';
import { GARBAGE_KINDS, type GarbageKind, garbageOf } from './garbage.js';

const setUp = () => {
  const clock = new SettableClock('2026-11-22T09:00:00+09:00');
  return { clock, faults: new Faults(clock) };
};
const next = (faults: Faults, times: number): string[] =>
  Array.from({ length: times }, () => faults.next('certificate-status').kind);

it('nothing is wrong at first, and nothing after an empty replacement', () => {
  const { faults } = setUp();
  expect(faults.next('population')).toEqual({ kind: 'answer', latencyMs: 0 });
  faults.replace({ all: { mode: 'reset' } });
  faults.replace({});
  expect(faults.next('population')).toEqual({ kind: 'answer', latencyMs: 0 });
});

it.each([
  [1, 10],
  [0.5, 5],
  [0.3, 3],
  [0.1, 1],
  [0, 0],
])('an error rate of %d fails exactly %i calls of ten', (errorRate, failures) => {
  const { faults } = setUp();
  faults.replace({ all: { mode: 'error', errorRate } });
  expect(next(faults, 10).filter((kind) => kind === 'error')).toHaveLength(failures);
});

it('the failures of an error rate are spread evenly and the same after every replacement', () => {
  const { faults } = setUp();
  faults.replace({ all: { mode: 'error', errorRate: 0.5 } });
  expect(next(faults, 4)).toEqual(['answer', 'error', 'answer', 'error']);
  next(faults, 1);
  faults.replace({ all: { mode: 'error', errorRate: 0.5 } });
  expect(next(faults, 2)).toEqual(['answer', 'error']);
});

it('the fault of an operation goes before the fault of all', () => {
  const { faults } = setUp();
  faults.replace({ all: { mode: 'hang', latencyMs: 5 }, population: { mode: 'none', latencyMs: 7 } });
  expect(faults.next('person-searches')).toEqual({ kind: 'hang', latencyMs: 5 });
  expect(faults.next('population')).toEqual({ kind: 'answer', latencyMs: 7 });
});

it('flapping fails for a period, answers for a period, and so on, from the moment it was set', () => {
  const { clock, faults } = setUp();
  clock.advance(1234);
  faults.replace({ all: { mode: 'flapping', flapPeriodMs: 1000 } });
  const seen = [0, 999, 1, 999, 1, 999, 1].map((ms) => {
    clock.advance(ms);
    return faults.next('population').kind;
  });
  expect(seen).toEqual(['error', 'error', 'answer', 'answer', 'error', 'error', 'answer']);
});

it('garbage comes in every kind, in a fixed order, over and over', () => {
  const { faults } = setUp();
  faults.replace({ all: { mode: 'garbage' } });
  const seen = Array.from({ length: GARBAGE_KINDS.length + 1 }, () => {
    const outcome = faults.next('population');
    return outcome.kind === 'garbage' ? outcome.as : outcome.kind;
  });
  expect(seen).toEqual(['not-json', 'wrong-shape', 'wrong-serial', 'truncated', 'empty', 'html', 'not-json']);
});

const garbage = (kind: GarbageKind): unknown =>
  JSON.parse(garbageOf(kind, 'certificate-status', '2026-11-22T09:00:00.000+09:00').body);

it.each(['not-json', 'empty', 'html'] as const)('%s is no JSON', (kind) => {
  expect(() => garbage(kind)).toThrow(SyntaxError);
});

it('the wrong shape has nothing of an answer', () => {
  expect(garbage('wrong-shape')).toEqual({ result: { code: 0, items: 'none' } });
});

it('the wrong serial comes as a well-formed answer', () => {
  expect(garbage('wrong-serial')).toMatchObject({ serial: 'FFFFFFFF00000000', status: 'good' });
});
