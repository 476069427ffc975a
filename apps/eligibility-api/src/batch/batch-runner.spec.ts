import type { EligibilityBatchItem, ProblemError } from '@app/contracts';
import { civilDate } from '@app/domain';
import { Logger } from '@nestjs/common';

import { RecordUnavailable } from '../check-log/check-log.js';
import { AnswerUnavailable } from '../check-in/answer-unavailable.js';
import { AskPerson, type Verify } from './ask-person.js';
import { BatchRunner } from './batch-runner.js';
import { BatchSeal, placeOf } from './batch-seal.js';
import {
  BatchesUnavailable,
  type Batches,
  type BatchHead,
  type BatchState,
  type Counts,
  type Lease,
  type PeoplePart,
  type ResultsPart,
} from './batches.js';
import { StandingAside } from './standing-aside.js';

const NOW = Date.parse('2026-11-22T09:00:00.000+09:00');
const SIZE = 3;

const head: BatchHead = {
  batchId: '0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d',
  clientId: 'clinic',
  institutionCode: '1312345679',
  operator: 'staff-17',
  purpose: 'claim',
  serviceDate: '2026-11-24',
  submittedAt: NOW,
  total: 3 * SIZE,
};

/** One batch of three parts in memory, with the store away as often as said. */
class OneBatch implements Partial<Batches> {
  state: BatchState = 'queued';
  lease: Lease | undefined;
  takes = 0;
  readonly kept = new Map<number, { results: ResultsPart; counts: Counts }>();
  /** Calls of this name reject this often. */
  away: Record<string, number> = {};

  constructor(private readonly people: Map<number, PeoplePart>) {}

  private maybeAway(name: string): void {
    const left = this.away[name] ?? 0;
    if (left <= 0) return;
    this.away[name] = left - 1;
    throw new BatchesUnavailable();
  }

  async take(_now: number, lease: Lease): Promise<(BatchHead & { takes: number }) | undefined> {
    this.maybeAway('take');
    if (!['queued', 'running'].includes(this.state) || this.lease !== undefined) return undefined;
    this.state = 'running';
    this.lease = lease;
    this.takes += 1;
    return { ...head, takes: this.takes };
  }
  async renew(_id: string, lease: Lease): Promise<boolean> {
    this.maybeAway('renew');
    return this.state === 'running' && this.lease?.owner === lease.owner;
  }
  async release(): Promise<void> {
    this.lease = undefined;
  }
  async nextPeople(_id: string, from: number): Promise<PeoplePart | undefined> {
    this.maybeAway('nextPeople');
    return [...this.people.values()].find(({ first }) => first >= from);
  }
  async answered(_id: string, results: ResultsPart, counts: Counts): Promise<boolean> {
    this.maybeAway('answered');
    if (!this.people.delete(results.first)) return false;
    this.kept.set(results.first, { results, counts });
    // The reply that is lost: kept, and the caller does not know.
    this.maybeAway('after answered');
    return true;
  }
  async end(_id: string, owner: string, state: 'finished' | 'cancelled' | 'failed'): Promise<void> {
    this.maybeAway('end');
    if (this.lease?.owner !== owner) return;
    this.state = state;
    this.lease = undefined;
  }
  steal(): void {
    this.lease = { owner: 'another', until: 0 };
  }
}

beforeAll(() => Logger.overrideLogger(false));

describe('a batch runs', () => {
  const seal = new BatchSeal(Buffer.alloc(32, 1));
  let batch: OneBatch;
  let asked: string[];
  let verify: Verify['for'];
  let counted: Counts[];
  let clients: Set<string>;
  /** Whose answers are ready. */
  let ready: Set<string>;
  let now: number;
  let hasRoom: () => boolean;
  const body = (itemId: string): string => `{"name":"${itemId}"}`;

  beforeEach(async () => {
    const parts = await Promise.all(
      [0, SIZE, 2 * SIZE].map(async (first): Promise<[number, PeoplePart]> => {
        const people = Array.from({ length: SIZE }, (_, i) => ({
          itemId: `p${first + i}`,
          card: { certificateSerial: `p${first + i}` },
        }));
        const sealed = await seal.close(JSON.stringify(people), placeOf('people', head.batchId, first));
        return [first, { first, size: SIZE, people: sealed }];
      }),
    );
    batch = new OneBatch(new Map(parts));
    asked = [];
    counted = [];
    clients = new Set(['clinic']);
    ready = new Set();
    now = NOW;
    hasRoom = () => true;
    verify = async (_asking, request) => ({ body: body(request.card?.certificateSerial ?? '') });
  });

  const runner = (key = seal, faultsOf = (_person: unknown): ProblemError[] | undefined => undefined): BatchRunner =>
    new BatchRunner({
      batches: batch as unknown as Batches,
      ask: new AskPerson({
        faultsOf,
        concurrency: 2,
        verify: {
          readyFor: async (_asking, requests) =>
            requests.map(({ card }) => {
              const serial = card?.certificateSerial ?? '';
              if (!ready.has(serial)) return undefined;
              asked.push(serial);
              return { body: body(serial) };
            }),
          for: (asking, request) => {
            asked.push(request.card?.certificateSerial ?? '');
            return verify(asking, request);
          },
        },
      }),
      seal: key,
      aside: new StandingAside(1, { now: () => 0, replies: () => 0, turn: async () => {}, busyDuring: async () => 0 }),
      clock: { now: () => now },
      isClient: (clientId) => clients.has(clientId),
      slice: 2,
      counted: (counts) => counted.push(counts),
      hasRoom: () => hasRoom(),
      storeAwayPauseMs: 1,
    });
  const run = (signal = new AbortController().signal, of = runner()): Promise<void> => of.run(signal);
  const lines = async (): Promise<string[]> => {
    const texts = await Promise.all(
      [...batch.kept.values()].map(async ({ results }) =>
        (await seal.open(results.results, placeOf('results', head.batchId, results.first))).toString(),
      ),
    );
    return texts.join('').trimEnd().split('\n');
  };
  const all = Array.from({ length: 3 * SIZE }, (_, i) => `p${i}`);
  const expectWhole = async (): Promise<void> => {
    expect(batch.state).toBe('finished');
    expect(await lines()).toEqual(all.map((itemId) => `{"itemId":"${itemId}","answer":${body(itemId)}}`));
  };

  it('to its end, asking each once, in order, as who submitted it and for that day', async () => {
    const askings: unknown[] = [];
    verify = async (asking, request) => {
      askings.push([asking, request.serviceDate]);
      return { body: body(request.card?.certificateSerial ?? '') };
    };
    await run();
    await expectWhole();
    expect(asked).toEqual(all);
    expect(askings[0]).toEqual([
      {
        caller: { clientId: 'clinic', institutionCode: '1312345679', scopes: new Set() },
        operator: 'staff-17',
        purpose: 'claim',
      },
      '2026-11-24',
    ]);
    expect(counted).toEqual([0, 1, 2].map(() => ({ answered: SIZE, unavailable: 0, refused: 0 })));
  });

  it.each([
    ['the store is away when people are read', 'nextPeople'],
    ['the store is away when results are kept', 'answered'],
    ['the store is away at its end', 'end'],
    ['results are kept and the reply is lost', 'after answered'],
  ])('and waits, and asks nobody twice, when %s', async (_what, call) => {
    batch.away = { [call]: call === 'after answered' ? 1 : 3 };
    await run();
    await expectWhole();
    expect(asked).toEqual(all);
  });

  it('whose answers are ready is asked about together, and has no other line for it', async () => {
    ready = new Set(['p1', 'p3', 'p4', 'p8']);
    await run();
    expect(await lines()).toEqual(
      Array.from({ length: 3 * SIZE }, (_, i) => `{"itemId":"p${i}","answer":${body(`p${i}`)}}`),
    );
    expect(asked.toSorted()).toEqual(Array.from({ length: 3 * SIZE }, (_, i) => `p${i}`));
    expect(counted).toEqual(Array.from({ length: 3 }, () => ({ answered: SIZE, unavailable: 0, refused: 0 })));
  });

  it('who gets no answer because of us is asked again, when the store is there; the others are not', async () => {
    const failures = new Map([
      ['p1', 2],
      ['p4', 3],
    ]);
    verify = async (_asking, request) => {
      const serial = request.card?.certificateSerial ?? '';
      const left = failures.get(serial) ?? 0;
      failures.set(serial, left - 1);
      if (left > 0) throw new AnswerUnavailable(civilDate('2026-11-22'), new RecordUnavailable());
      return { body: body(serial) };
    };
    batch.away = { renew: 2 };
    await run();
    expect(asked.filter((serial) => serial === 'p1')).toHaveLength(3);
    expect(asked.filter((serial) => serial === 'p4')).toHaveLength(3);
    expect(asked).toHaveLength(all.length + 4);
    const got = await lines();
    expect(got[1]).toBe(`{"itemId":"p1","answer":${body('p1')}}`);
    expect(JSON.parse(got[4] ?? '')).toMatchObject({ itemId: 'p4', problem: { code: 'answer-unavailable' } });
    expect(counted[1]).toEqual({ answered: 2, unavailable: 1, refused: 0 });
  });

  it('who gets no answer because of the registry is not asked again: it may be away for hours', async () => {
    verify = async (_asking, request) => {
      const serial = request.card?.certificateSerial ?? '';
      if (serial === 'p1') throw new AnswerUnavailable(civilDate('2026-11-22'), new Error('silent'), 'registry');
      return { body: body(serial) };
    };
    await run();
    expect(asked).toEqual(all);
    expect(counted[0]).toEqual({ answered: 2, unavailable: 1, refused: 0 });
  });

  it('what nobody thought of is one line, and the batch goes on', async () => {
    verify = async (_asking, request) => {
      if (request.card?.certificateSerial === 'p2') throw new TypeError('of undefined');
      return { body: body(request.card?.certificateSerial ?? '') };
    };
    await run();
    expect(batch.state).toBe('finished');
    const got = await lines();
    expect(JSON.parse(got[2] ?? '')).toMatchObject({ itemId: 'p2', problem: { code: 'internal-error', status: 500 } });
    expect(got.join('')).not.toContain('of undefined');
  });

  it('a person of another shape is not asked about', async () => {
    const faults = (person: unknown): ProblemError[] | undefined =>
      (person as EligibilityBatchItem).itemId === 'p3'
        ? [{ pointer: '/x', code: 'unknown-field', detail: 'is not' }]
        : undefined;
    await run(undefined, runner(seal, faults));
    expect(asked).not.toContain('p3');
    expect(counted[1]).toEqual({ answered: 2, unavailable: 0, refused: 1 });
  });

  it('told to stop, it finishes the part in hand and lets another go on at once', async () => {
    const stop = new AbortController();
    verify = async (_asking, request) => {
      if (request.card?.certificateSerial === 'p3') stop.abort();
      return { body: body(request.card?.certificateSerial ?? '') };
    };
    await run(stop.signal);
    expect(batch.state).toBe('running');
    expect(batch.lease).toBeUndefined();
    expect([...batch.kept.keys()]).toEqual([0, SIZE]);
    await run();
    await expectWhole();
    expect(asked).toEqual(all);
  });

  it('told to stop while the store is away, it stops; the two parts in hand are asked about again', async () => {
    const stop = new AbortController();
    batch.away = { answered: Number.POSITIVE_INFINITY };
    verify = async (_asking, request) => {
      setTimeout(() => stop.abort(), 20);
      return { body: body(request.card?.certificateSerial ?? '') };
    };
    await run(stop.signal);
    expect(batch.kept.size).toBe(0);
    batch.away = {};
    await run();
    await expectWhole();
    expect(asked).toEqual([...all.slice(0, 2 * SIZE), ...all]);
  });

  it.each([
    ['taken up by another', (of: OneBatch) => of.steal()],
    ['cancelled elsewhere', (of: OneBatch) => (of.state = 'cancelled')],
  ])('is left alone when it was %s meanwhile', async (_what, happens) => {
    verify = async (_asking, request) => {
      const serial = request.card?.certificateSerial ?? '';
      if (serial === 'p4') {
        happens(batch);
        now += 5_000;
      }
      return { body: body(serial) };
    };
    const state = await run().then(() => batch.state);
    expect(state).not.toBe('finished');
    expect(asked).toEqual(all.slice(0, 5));
    expect([...batch.kept.keys()]).toEqual([0]);
  });

  it('waits while the record has room for check-in only, and goes on when it has room for it', async () => {
    const looked: number[] = [];
    hasRoom = () => asked.length !== 2 || looked.push(asked.length) > 3;
    await run();
    expect(looked, 'nobody was asked about meanwhile').toEqual([2, 2, 2, 2]);
    await expectWhole();
    expect(asked).toEqual(all);
  });
  it('told to stop while it waits for room, it lets another go on', async () => {
    const stop = new AbortController();
    hasRoom = () => {
      if (asked.length === 2) stop.abort();
      return asked.length < 2;
    };
    await run(stop.signal);
    expect(asked).toHaveLength(2);
    expect(batch.lease).toBeUndefined();
  });
  it('that waits for room and is somebody else’s meanwhile is left', async () => {
    hasRoom = () => {
      if (asked.length < 2) return true;
      batch.steal();
      now += 10_000;
      return false;
    };
    await run();
    expect(asked).toHaveLength(2);
    expect(batch.kept.size).toBe(0);
  });
  it('is left at the next few people when it was cancelled here', async () => {
    const one = runner();
    verify = async (_asking, request) => {
      const serial = request.card?.certificateSerial ?? '';
      if (serial === 'p3') {
        batch.state = 'cancelled';
        one.cancelled('another batch');
      }
      if (serial === 'p4') one.cancelled(head.batchId);
      return { body: body(serial) };
    };
    await run(undefined, one);
    expect(asked).toEqual(all.slice(0, 5));
  });

  it('the batch of a client that was revoked ends with it', async () => {
    verify = async (_asking, request) => {
      clients.delete('clinic');
      return { body: body(request.card?.certificateSerial ?? '') };
    };
    await run();
    expect(batch.state).toBe('cancelled');
    expect(asked).toEqual(all.slice(0, SIZE));
  });

  it('people sealed under another key are given up, and said to be', async () => {
    await run(undefined, runner(new BatchSeal(Buffer.alloc(32, 2))));
    expect(batch.state).toBe('failed');
    expect(asked).toEqual([]);
  });

  it.each([
    ['the fifth time', 4, 'finished'],
    ['the sixth time', 5, 'failed'],
  ])('one that is taken up %s without a part of it having been finished', async (_what, before, state) => {
    batch.takes = before;
    await run();
    expect(batch.state).toBe(state);
  });
});

describe('what is sealed', () => {
  const seal = new BatchSeal(Buffer.alloc(32, 1));
  const place = placeOf('people', head.batchId, 0);

  it('opens in its place, is small, and shows nothing', async () => {
    const text = JSON.stringify(Array.from({ length: 500 }, () => ({ name: '資格　太郎', birthdate: '1980-05-05' })));
    const sealed = await seal.close(text, place);
    expect((await seal.open(sealed, place)).toString()).toBe(text);
    expect(sealed.length).toBeLessThan(1_000);
    expect(sealed.toString('latin1')).not.toMatch(/1980|name/);
  });

  it.each<[string, (sealed: Buffer) => Buffer, string]>([
    ['in another place', (sealed) => sealed, placeOf('people', head.batchId, 500)],
    ['as something else', (sealed) => sealed, placeOf('results', head.batchId, 0)],
    ['with a bit turned', (sealed) => Buffer.from(sealed.map((byte, i) => (i === 20 ? byte ^ 1 : byte))), place],
    ['cut short', (sealed) => sealed.subarray(0, -1), place],
    ['empty', () => Buffer.alloc(0), place],
  ])('does not open %s', async (_what, spoil, at) => {
    const sealed = await seal.close('x', place);
    await expect(seal.open(spoil(sealed), at)).rejects.toThrow('cannot be opened');
  });
});
