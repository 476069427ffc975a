import { GuardedRegistry, type GuardOptions } from './guarded-registry.js';
import { RegistryFault, type CertificateStatus, type RegistryFaultReason } from './registry.js';

const TIMEOUT_MS = 1_000;
const RESET_MS = 5_000;
/** Failures within the window before the breaker looks at their share. */
const VOLUME = 10;

const status = (said: CertificateStatus['status'] = 'good'): CertificateStatus => ({
  serial: '1A2B3C4D5E6F7081',
  status: said,
  asOf: '2026-11-22T09:00:00+09:00',
});

let ask: ReturnType<typeof vi.fn<(serial: string, withinMs: number) => Promise<CertificateStatus>>>;
let registry: GuardedRegistry;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  ask = vi.fn(async () => status());
  guard({});
});

afterEach(() => {
  registry.close();
  vi.useRealTimers();
});

const guard = (more: Partial<GuardOptions>): void => {
  registry = new GuardedRegistry(
    ask,
    { now: () => Date.now() },
    { timeoutMs: TIMEOUT_MS, resetMs: RESET_MS, callsMax: 100, retryPercent: 0, random: () => 0, ...more },
  );
};

const failing = (reason: RegistryFaultReason = 'status'): void => {
  ask.mockImplementation(async () => {
    throw new RegistryFault(reason);
  });
};
const answering = (said: CertificateStatus['status'] = 'good'): void => {
  ask.mockImplementation(async () => status(said));
};

const outcome = (): Promise<string> =>
  registry.certificateStatus('1A2B3C4D5E6F7081').then(
    ({ status: said }) => said,
    (error: unknown) => (error instanceof RegistryFault ? error.reason : 'something else'),
  );

const calls = async (n: number): Promise<string[]> => {
  const outcomes: string[] = [];
  for (let i = 0; i < n; i += 1) outcomes.push(await outcome());
  return outcomes;
};

const open = async (): Promise<void> => {
  failing();
  await calls(VOLUME);
  expect(registry.state.breaker).toBe('open');
};

it('passes the question on, and the answer back', async () => {
  answering('revoked');
  expect(await registry.certificateStatus('ABCDEF01')).toEqual(status('revoked'));
  expect(ask.mock.calls).toEqual([['ABCDEF01', TIMEOUT_MS]]);
  expect(registry.state).toEqual({
    breaker: 'closed',
    counts: { fires: 1, successes: 1, failures: 0, timeouts: 0, rejects: 0, retries: 0 },
  });
});

describe('it opens', () => {
  it.each(['timeout', 'connection', 'status', 'garbage'] as const)('after ten failures of kind %s', async (reason) => {
    failing(reason);
    expect(await calls(VOLUME - 1)).toEqual(Array.from({ length: VOLUME - 1 }, () => reason));
    expect(registry.isClosed).toBe(true);
    await outcome();
    expect(registry.isClosed).toBe(false);
    expect(await outcome()).toBe('breaker-open');
    expect(ask).toHaveBeenCalledTimes(VOLUME);
  });

  it.each([
    ['half', 10, true],
    ['more than half', 11, false],
  ])('not while at most half of the calls fail: %s', async (_share, failures, isClosed) => {
    await calls(10);
    failing();
    await calls(failures);
    expect(registry.isClosed).toBe(isClosed);
  });

  it('not by failures spread over more than its window', async () => {
    failing();
    for (let i = 0; i < 30; i += 1) {
      await outcome();
      await vi.advanceTimersByTimeAsync(400);
    }
    expect(registry.isClosed).toBe(true);
  });

  it('not because of cards the registry does not know: that is an answer', async () => {
    answering('unknown');
    expect(await calls(50)).toEqual(Array.from({ length: 50 }, () => 'unknown'));
    expect(registry.isClosed).toBe(true);
  });

  it('not because of an error of our own, which is no success either', async () => {
    ask.mockRejectedValue(new TypeError('of ours'));
    await calls(50);
    expect(registry.isClosed).toBe(true);
    expect(registry.state.counts).toMatchObject({ fires: 50, successes: 0, failures: 0 });
  });

  it('and says when', async () => {
    await vi.advanceTimersByTimeAsync(7_000);
    await open();
    expect(registry.openedAt).toBe(1_007_000);
    expect(registry.state).toEqual({
      breaker: 'open',
      since: 1_007_000,
      counts: { fires: 10, successes: 0, failures: 10, timeouts: 0, rejects: 0, retries: 0 },
    });
  });

  it('a refused call is counted as refused, and not as let through', async () => {
    await open();
    await calls(3);
    expect(registry.state.counts).toMatchObject({ fires: 10, failures: 10, rejects: 3 });
  });
});

describe('open, it asks again after its rest', () => {
  beforeEach(open);

  it.each([
    ['not a moment earlier', RESET_MS - 1, 'open'],
    ['then it is half open', RESET_MS, 'half-open'],
  ])('%s', async (_when, later, breaker) => {
    await vi.advanceTimersByTimeAsync(later);
    expect(registry.state.breaker).toBe(breaker);
  });

  it('half open, it lets one call through and refuses the others', async () => {
    await vi.advanceTimersByTimeAsync(RESET_MS);
    const probe = Promise.withResolvers<CertificateStatus>();
    ask.mockClear();
    ask.mockImplementation(() => probe.promise);
    const first = outcome();
    expect(await calls(3)).toEqual(['breaker-open', 'breaker-open', 'breaker-open']);
    expect(ask).toHaveBeenCalledTimes(1);
    expect(registry.isClosed).toBe(false);
    probe.resolve(status());
    expect(await first).toBe('good');
  });

  it('closes when that call is answered', async () => {
    await vi.advanceTimersByTimeAsync(RESET_MS);
    answering();
    await outcome();
    expect(registry.state).toMatchObject({ breaker: 'closed', since: 1_000_000 + RESET_MS });
    expect(registry.openedAt).toBeUndefined();
    expect(await calls(3)).toEqual(['good', 'good', 'good']);
  });

  it('opens again when that call fails, and still says when it first opened', async () => {
    await vi.advanceTimersByTimeAsync(RESET_MS);
    expect(await outcome()).toBe('status');
    expect(registry.state).toMatchObject({ breaker: 'open', since: 1_000_000 + RESET_MS });
    expect(registry.openedAt).toBe(1_000_000);
    expect(await outcome()).toBe('breaker-open');
    await vi.advanceTimersByTimeAsync(RESET_MS);
    expect(registry.state.breaker).toBe('half-open');
  });
});

describe('a probe, so that nobody has to ask for it to close', () => {
  it('asks nothing while it is closed', async () => {
    await registry.probe();
    expect(ask).not.toHaveBeenCalled();
  });

  it('asks nothing while it rests', async () => {
    await open();
    ask.mockClear();
    await vi.advanceTimersByTimeAsync(RESET_MS - 1);
    await registry.probe();
    expect(ask).not.toHaveBeenCalled();
  });

  it('closes it when the registry is well', async () => {
    await open();
    await vi.advanceTimersByTimeAsync(RESET_MS);
    answering('unknown');
    await registry.probe();
    expect(registry.state.breaker).toBe('closed');
  });

  it('leaves it open when the registry is not, and does not reject', async () => {
    await open();
    await vi.advanceTimersByTimeAsync(RESET_MS);
    ask.mockClear();
    await registry.probe();
    await registry.probe();
    expect(registry.state.breaker).toBe('open');
    expect(ask).toHaveBeenCalledTimes(1);
  });
});

describe('a registry that goes silent', () => {
  beforeEach(() => {
    ask.mockImplementation(() => Promise.withResolvers<CertificateStatus>().promise);
  });

  it('is given up a moment after the deadline at which the call should have ended itself', async () => {
    const waiting = outcome();
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS + 49);
    expect(registry.state.counts.failures).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(await waiting).toBe('timeout');
    expect(registry.state.counts).toMatchObject({ failures: 1, timeouts: 1 });
  });

  it('has no more than a hundred calls waiting; more are refused at once', async () => {
    const waiting = Array.from({ length: 100 }, outcome);
    expect(await outcome()).toBe('breaker-open');
    expect(ask).toHaveBeenCalledTimes(100);
    expect(registry.isClosed).toBe(true);
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS + 50);
    await Promise.all(waiting);
    expect(registry.state.counts).toMatchObject({ fires: 100, rejects: 1, timeouts: 100 });
  });

  it('opens the breaker however many more are refused meanwhile', async () => {
    const waiting = Array.from({ length: 1_000 }, outcome);
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS + 50);
    await Promise.all(waiting);
    expect(registry.isClosed).toBe(false);
  });

  it('is asked again once those waiting are answered', async () => {
    const held = Promise.withResolvers<CertificateStatus>();
    ask.mockImplementation(() => held.promise);
    const waiting = Array.from({ length: 100 }, outcome);
    held.resolve(status());
    await Promise.all(waiting);
    expect(await outcome()).toBe('good');
  });
});

describe('a call that broke off', () => {
  /** Calls that are answered, so that there are retries for as many. */
  const saved = async (retries: number): Promise<void> => {
    answering();
    await calls(retries * 10);
    ask.mockClear();
  };
  const failOnce = (reason: RegistryFaultReason): void => {
    ask.mockImplementationOnce(async () => {
      throw new RegistryFault(reason);
    });
  };

  beforeEach(() => guard({ retryPercent: 10, random: () => 0.5 }));

  it.each([
    ['connection', 2, 'good'],
    ['status', 2, 'good'],
    ['timeout', 1, 'timeout'],
    ['garbage', 1, 'garbage'],
  ] as const)('of kind %s is made %i times', async (reason, times, said) => {
    await saved(1);
    failOnce(reason);
    const asked = outcome();
    await vi.advanceTimersByTimeAsync(100);
    expect(await asked).toBe(said);
    expect(ask).toHaveBeenCalledTimes(times);
    expect(registry.state.counts.retries).toBe(times - 1);
  });

  it('is made again after a pause that differs from call to call, with what is left of its time', async () => {
    await saved(1);
    failOnce('connection');
    const asked = outcome();
    await vi.advanceTimersByTimeAsync(36);
    expect(ask).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(2);
    expect(ask).toHaveBeenCalledTimes(2);
    expect(ask.mock.calls[1]?.[1]).toBeLessThanOrEqual(TIMEOUT_MS - 36);
    await asked;
  });

  it('is not made again together with others that broke off with it', async () => {
    await saved(3);
    const at: number[] = [];
    for (let i = 0; i < 3; i += 1) failOnce('connection');
    ask.mockImplementation(async () => {
      at.push(Date.now());
      return status();
    });
    const began = Date.now();
    const asked = Promise.all(Array.from({ length: 3 }, outcome));
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS);
    expect(await asked).toEqual(['good', 'good', 'good']);
    expect(at.map((instant) => instant - began)).toEqual([37, 137, 237]);
  });

  it('is not made again when there is no time left for it', async () => {
    await saved(1);
    failOnce('connection');
    await expect(registry.certificateStatus('1A2B3C4D5E6F7081', 37)).rejects.toMatchObject({ reason: 'connection' });
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it('is not made again when the calls before have earned no retry, or once the breaker is open', async () => {
    failOnce('connection');
    expect(await outcome()).toBe('connection');
    await saved(1);
    failing('connection');
    const all = Promise.all(Array.from({ length: 30 }, outcome));
    await vi.advanceTimersByTimeAsync(100);
    await all;
    expect(registry.isClosed).toBe(false);
    expect(registry.state.counts.retries).toBe(0);
  });
});

describe('R-06', () => {
  it.each(['status', 'connection'] as const)(
    'a registry that fails for a minute (%s) hears ten calls, one in five seconds, and a tenth more, of which no two come in one tenth of a second',
    async (reason) => {
      guard({ retryPercent: 10, random: Math.random });
      answering();
      for (let i = 0; i < 100; i += 1) await outcome();
      await vi.advanceTimersByTimeAsync(5_000);
      const at: number[] = [];
      ask.mockImplementation(async () => {
        at.push(Date.now());
        throw new RegistryFault(reason);
      });
      const asked: Promise<string>[] = [];
      // 12 in a hundred of 200 a second.
      for (let ms = 0; ms < 60_000; ms += 42) {
        asked.push(outcome());
        await registry.probe();
        await vi.advanceTimersByTimeAsync(42);
      }
      await Promise.all(asked);
      expect(at.length).toBeLessThanOrEqual((10 + 60 / 5) * 1.1 + 1);
      // Three callers come in a tenth of a second, so with one retry four are made.
      const crowd = at.filter((one, i) => (at[i + 4] ?? Number.POSITIVE_INFINITY) - one < 100);
      expect(crowd).toEqual([]);
    },
  );

  it.each([
    [0, RESET_MS],
    [0.5, RESET_MS * 1.1],
    [0.999, RESET_MS * 1.1998],
  ])('processes that opened together do not probe together: at %d it rests %d ms', async (drawn, restMs) => {
    guard({ random: () => drawn });
    await open();
    for (let i = 0; i < 2; i += 1) {
      await vi.advanceTimersByTimeAsync(Math.floor(restMs) - 1);
      expect(registry.state.breaker).toBe('open');
      await vi.advanceTimersByTimeAsync(2);
      expect(registry.state.breaker).toBe('half-open');
      await outcome();
    }
  });
});

describe('a caller with less time than a call may take', () => {
  it('has the call end with it', async () => {
    answering();
    await registry.certificateStatus('1A2B3C4D5E6F7081', 120);
    expect(ask).toHaveBeenCalledWith('1A2B3C4D5E6F7081', 120);
  });

  it.each([9, 0, -5])('with %i ms asks nobody, and it is no failure of the registry', async (leftMs) => {
    await expect(registry.certificateStatus('1A2B3C4D5E6F7081', leftMs)).rejects.toMatchObject({ reason: 'timeout' });
    expect(ask).not.toHaveBeenCalled();
    expect(registry.state.counts.failures).toBe(0);
  });
});

it('has no more calls under way than it is told', async () => {
  guard({ callsMax: 3 });
  ask.mockImplementation(() => Promise.withResolvers<CertificateStatus>().promise);
  const waiting = Array.from({ length: 3 }, outcome);
  expect(await outcome()).toBe('breaker-open');
  expect(ask).toHaveBeenCalledTimes(3);
  await vi.advanceTimersByTimeAsync(TIMEOUT_MS + 50);
  await Promise.all(waiting);
});

it('closed for good, it answers nobody', async () => {
  registry.close();
  expect(await outcome()).toBe('breaker-open');
  expect(ask).not.toHaveBeenCalled();
});
