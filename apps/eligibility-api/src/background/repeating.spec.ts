import { Logger } from '@nestjs/common';

import { Bell, logged, Repeating, type Task } from './repeating.js';

const EVERY_MS = 250;

let run: ReturnType<typeof vi.fn<(signal: AbortSignal) => Promise<void>>>;
let failed: ReturnType<typeof vi.fn<(error: unknown) => void>>;
let recovered: ReturnType<typeof vi.fn<() => void>>;
let repeating: Repeating;

const task = (name = 'task', more: Partial<Task> = {}): Task => ({
  name,
  everyMs: EVERY_MS,
  run,
  failed,
  recovered,
  ...more,
});

beforeEach(() => {
  vi.useFakeTimers();
  run = vi.fn(async () => {});
  failed = vi.fn();
  recovered = vi.fn();
  repeating = new Repeating([task()]);
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it('runs at once, and again a pause after each end, until it is stopped', async () => {
  repeating.onApplicationBootstrap();
  expect(run).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(EVERY_MS - 1);
  expect(run).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(run).toHaveBeenCalledTimes(2);
  await repeating.beforeApplicationShutdown();
  await vi.advanceTimersByTimeAsync(10 * EVERY_MS);
  expect(run).toHaveBeenCalledTimes(2);
});

it('does nothing before it is started', async () => {
  await vi.advanceTimersByTimeAsync(10 * EVERY_MS);
  expect(run).not.toHaveBeenCalled();
});

it('never runs two of one task at a time: the pause begins when a run has ended', async () => {
  const slow = Promise.withResolvers<void>();
  run.mockImplementationOnce(() => slow.promise);
  repeating.onApplicationBootstrap();
  await vi.advanceTimersByTimeAsync(10 * EVERY_MS);
  expect(run).toHaveBeenCalledTimes(1);
  slow.resolve();
  await vi.advanceTimersByTimeAsync(EVERY_MS);
  expect(run).toHaveBeenCalledTimes(2);
});

it('one slow task keeps no other waiting', async () => {
  const quick = vi.fn(async () => {});
  run.mockImplementation(() => Promise.withResolvers<void>().promise);
  repeating = new Repeating([task(), task('quick', { run: quick })]);
  repeating.onApplicationBootstrap();
  await vi.advanceTimersByTimeAsync(2 * EVERY_MS);
  expect(quick).toHaveBeenCalledTimes(3);
});

describe('a run that fails', () => {
  it.each([
    ['rejects', async () => Promise.reject(new Error('away'))],
    [
      'throws',
      () => {
        throw new Error('away');
      },
    ],
  ] as readonly [string, Task['run']][])('%s: it is reported, and the task goes on', async (_how, fails) => {
    run.mockImplementationOnce(fails);
    repeating.onApplicationBootstrap();
    await vi.advanceTimersByTimeAsync(EVERY_MS);
    expect(failed.mock.calls).toEqual([[new Error('away')]]);
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('again and again is told once, and so is the end of it', async () => {
    run.mockRejectedValueOnce(new Error('away')).mockRejectedValueOnce(new Error('still away'));
    repeating.onApplicationBootstrap();
    await vi.advanceTimersByTimeAsync(EVERY_MS);
    expect(failed.mock.calls).toEqual([[new Error('away')]]);
    expect(recovered).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(2 * EVERY_MS);
    expect(recovered).toHaveBeenCalledTimes(1);
    expect(failed).toHaveBeenCalledTimes(1);
  });

  it('after a recovery is told again', async () => {
    run
      .mockRejectedValueOnce(new Error('away'))
      .mockResolvedValueOnce(undefined)
      .mockRejectedValueOnce(new Error('again'));
    repeating.onApplicationBootstrap();
    await vi.advanceTimersByTimeAsync(2 * EVERY_MS);
    expect(failed.mock.calls).toEqual([[new Error('away')], [new Error('again')]]);
    expect(recovered).toHaveBeenCalledTimes(1);
  });

  it('is no recovery of, and no failure like, another task’s', async () => {
    run.mockRejectedValue(new Error('away'));
    const other = vi.fn(async () => Promise.reject(new Error('away')));
    repeating = new Repeating([task(), task('well', { run: async () => {} }), task('other', { run: other })]);
    repeating.onApplicationBootstrap();
    await vi.advanceTimersByTimeAsync(2 * EVERY_MS);
    expect(failed).toHaveBeenCalledTimes(2);
    expect(recovered).not.toHaveBeenCalled();
  });

  it('because it was stopped is no failure', async () => {
    run.mockImplementation(
      (signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')))),
    );
    repeating.onApplicationBootstrap();
    await repeating.beforeApplicationShutdown();
    expect(failed).not.toHaveBeenCalled();
  });
});

describe('tried once', () => {
  it('are the tasks named, well or not; the others are not waited for', async () => {
    const slow = Promise.withResolvers<void>();
    run.mockRejectedValueOnce(new Error('away'));
    repeating = new Repeating([
      task(),
      task('slow', { run: () => slow.promise }),
      task('endless', { run: () => Promise.withResolvers<void>().promise }),
    ]);
    repeating.onApplicationBootstrap();
    await repeating.triedOnce('task');
    const tried = vi.fn();
    const all = repeating.triedOnce('task', 'slow').then(tried);
    await vi.advanceTimersByTimeAsync(EVERY_MS);
    expect(tried).not.toHaveBeenCalled();
    slow.resolve();
    await all;
    expect(tried).toHaveBeenCalledTimes(1);
  });
});

describe('a logged task', () => {
  it('tells the event, the error’s name and code, and never its text', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    const log = vi.spyOn(Logger.prototype, 'log').mockImplementation(() => {});
    run.mockRejectedValueOnce(Object.assign(new TypeError('Key (number)=(1987654)'), { code: '23505' }));
    repeating = new Repeating([logged({ name: 'changes', everyMs: EVERY_MS, run })]);
    repeating.onApplicationBootstrap();
    await vi.advanceTimersByTimeAsync(EVERY_MS);
    expect(warn.mock.calls).toEqual([[{ event: 'changes-failing', cause: 'TypeError', code: '23505' }]]);
    expect(log.mock.calls).toEqual([[{ event: 'changes-recovered' }]]);
  });
});

describe('stopping', () => {
  it('ends a pause at once', async () => {
    repeating.onApplicationBootstrap();
    await repeating.triedOnce('task');
    // Without a timer advanced: the promise resolves by itself.
    await repeating.beforeApplicationShutdown();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('waits for a run under way, which hears of it', async () => {
    const end = Promise.withResolvers<void>();
    let heard: AbortSignal | undefined;
    run.mockImplementation((signal) => {
      heard = signal;
      return end.promise;
    });
    repeating.onApplicationBootstrap();
    const stopped = vi.fn();
    const stop = repeating.beforeApplicationShutdown().then(stopped);
    expect(heard?.aborted).toBe(true);
    await vi.advanceTimersByTimeAsync(EVERY_MS);
    expect(stopped).not.toHaveBeenCalled();
    end.resolve();
    await stop;
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('what was never started is stopped already', async () => {
    await expect(repeating.beforeApplicationShutdown()).resolves.toBeUndefined();
  });
});

describe('a bell', () => {
  it('ends the pause at once', async () => {
    const bell = new Bell();
    repeating = new Repeating([task('task', { bell })]);
    repeating.onApplicationBootstrap();
    await vi.advanceTimersByTimeAsync(1);
    bell.ring();
    await vi.advanceTimersByTimeAsync(0);
    expect(run).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(EVERY_MS - 1);
    expect(run, 'and the next pause is whole').toHaveBeenCalledTimes(2);
  });

  it('rung during a run, is one more run and not two at a time', async () => {
    const bell = new Bell();
    const slow = Promise.withResolvers<void>();
    run.mockImplementationOnce(() => slow.promise);
    repeating = new Repeating([task('task', { bell })]);
    repeating.onApplicationBootstrap();
    bell.ring();
    bell.ring();
    await vi.advanceTimersByTimeAsync(EVERY_MS);
    expect(run).toHaveBeenCalledTimes(1);
    slow.resolve();
    await vi.advanceTimersByTimeAsync(1);
    expect(run).toHaveBeenCalledTimes(2);
  });
});
