import { Logger } from '@nestjs/common';

import { RegistryFault } from '../registry/registry.js';
import type { CertificateFeed } from './certificate-feed.js';
import { CertificateStatus } from './certificate-status.js';

const AWAY_AFTER_MS = 10_000;
const USABLE_FOR_MS = 60_000;

const going = new AbortController().signal;

interface FakeFeed {
  confirmedAt: number | undefined;
  position: number;
  catchUp: ReturnType<typeof vi.fn<() => Promise<void>>>;
  resume: ReturnType<typeof vi.fn<() => Promise<void>>>;
}

let now: number;
const reading = async (): Promise<void> => {
  feed.confirmedAt = now;
};
let feed: FakeFeed;
let breaker: { isClosed: boolean; openedAt: number | undefined };
let status: CertificateStatus;
let warn: ReturnType<typeof vi.spyOn>;
let log: ReturnType<typeof vi.spyOn>;

beforeEach(() => {
  now = 100_000;
  feed = { confirmedAt: undefined, position: 0, catchUp: vi.fn(reading), resume: vi.fn(async () => {}) };
  breaker = { isClosed: true, openedAt: undefined };
  status = new CertificateStatus(
    feed as unknown as CertificateFeed,
    breaker,
    { now: () => now },
    {
      awayAfterMs: AWAY_AFTER_MS,
      usableForMs: USABLE_FOR_MS,
    },
  );
  warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
  log = vi.spyOn(Logger.prototype, 'log').mockImplementation(() => {});
});

afterEach(() => vi.restoreAllMocks());

it('shows how far the feed is and what it confirmed', () => {
  feed.confirmedAt = 99_000;
  feed.position = 42;
  expect([status.confirmedAt, status.position]).toEqual([99_000, 42]);
});

describe('the registry counts as away', () => {
  it.each([
    ['a process just started', 0, false, undefined],
    ['to the last moment of the bound', AWAY_AFTER_MS, false, undefined],
    ['beyond it, since the start', AWAY_AFTER_MS + 1, true, 100_000],
  ])('without a reading ever: %s', (_when, later, isAway, awaySince) => {
    now += later;
    expect([status.isAway, status.awaySince]).toEqual([isAway, awaySince]);
  });

  it.each([
    ['to the last moment of the bound', AWAY_AFTER_MS, false, undefined],
    ['beyond it, since the last good reading', AWAY_AFTER_MS + 1, true, 150_000],
  ])('after a good reading: %s', async (_when, later, isAway, awaySince) => {
    now = 150_000;
    await status.catchUp(going);
    now += later;
    expect([status.isAway, status.awaySince]).toEqual([isAway, awaySince]);
  });

  it('a failed reading is no good one', async () => {
    feed.catchUp.mockRejectedValue(new RegistryFault('timeout'));
    now += AWAY_AFTER_MS + 1;
    await status.catchUp(going);
    expect([status.isAway, status.awaySince]).toEqual([true, 100_000]);
  });

  it('since the last question that was answered, not since its answer came', async () => {
    feed.catchUp.mockImplementation(async () => {
      feed.confirmedAt = now;
      now += AWAY_AFTER_MS + 1;
    });
    await status.catchUp(going);
    expect([status.isAway, status.awaySince]).toEqual([true, 100_000]);
  });

  it('at once when the breaker opens, since it opened', async () => {
    now = 150_000;
    breaker = Object.assign(breaker, { isClosed: false, openedAt: 149_000 });
    await status.catchUp(going);
    expect([status.isAway, status.awaySince]).toEqual([true, 149_000]);
  });

  it('with the breaker open, since the feed fell silent where that was earlier', async () => {
    now = 150_000;
    await status.catchUp(going);
    Object.assign(breaker, { isClosed: false, openedAt: 155_000 });
    now = 156_000;
    expect(status.awaySince).toBe(150_000);
  });

  it('no longer once the feed is read and the breaker closed', async () => {
    now += AWAY_AFTER_MS + 1;
    expect(status.isAway).toBe(true);
    await status.catchUp(going);
    expect([status.isAway, status.awaySince]).toEqual([false, undefined]);
  });
});

describe('a failure', () => {
  it('does not reject, and is told when it begins and when it ends', async () => {
    feed.catchUp.mockRejectedValue(new RegistryFault('connection'));
    await status.catchUp(going);
    await status.catchUp(going);
    expect(warn.mock.calls).toEqual([[{ event: 'certificate-feed-interrupted', cause: 'RegistryFault' }]]);
    expect(log).not.toHaveBeenCalled();

    feed.catchUp.mockImplementation(reading);
    await status.catchUp(going);
    await status.catchUp(going);
    expect(log.mock.calls).toEqual([[{ event: 'certificate-feed-restored' }]]);
  });

  it('at the end of the process is none', async () => {
    const stopping = new AbortController();
    feed.catchUp.mockImplementation(async () => {
      stopping.abort();
      throw new RegistryFault('timeout');
    });
    await status.catchUp(stopping.signal);
    expect(warn).not.toHaveBeenCalled();
  });
});

describe('what an earlier process confirmed', () => {
  it.each([
    ['as old as policy allows', USABLE_FOR_MS, true],
    ['a millisecond older', USABLE_FOR_MS + 1, false],
  ])('%s', async (_how, ageMs, usable) => {
    feed.confirmedAt = now - ageMs;
    expect(await status.resume()).toBe(usable);
  });

  it('nothing, so there is nothing to answer from', async () => {
    expect(await status.resume()).toBe(false);
  });

  it('cannot be read while the store is away, which is left to the catching up to report', async () => {
    feed.confirmedAt = now;
    feed.resume.mockRejectedValue(new Error('connection refused'));
    expect(await status.resume()).toBe(false);
    expect(warn).not.toHaveBeenCalled();
  });
});
