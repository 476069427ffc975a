import { randomUUIDv7 } from 'node:crypto';

import { RecordUnavailable } from './check-log.js';
import { recordOf } from './check-log.fixture.js';
import { ChecksRefused, type JournalPosition, type ShippedCheck } from './shipped-checks.js';
import { StraightChain } from './straight-chain.js';

const WRITER = '20261122T000000Z-0badc0de-1-00000000';
const openRow = (): string => '';

/** PostgreSQL, which answers when it is let. */
class Store {
  readonly shipped: { checks: readonly ShippedCheck[]; from: JournalPosition; to: JournalPosition }[] = [];
  readonly begun: string[] = [];
  fails: ((checks: readonly ShippedCheck[]) => Error | undefined) | undefined;
  private held: (() => void)[] | undefined;

  hold(): void {
    this.held = [];
  }
  release(): void {
    const held = this.held ?? [];
    this.held = undefined;
    for (const go of held) go();
  }
  async begin({ writer }: JournalPosition): Promise<void> {
    this.begun.push(writer);
  }
  async ship(checks: readonly ShippedCheck[], from: JournalPosition, to: JournalPosition): Promise<boolean> {
    if (this.held !== undefined) await new Promise<void>((go) => this.held?.push(go));
    const error = this.fails?.(checks);
    if (error !== undefined) throw error;
    this.shipped.push({ checks, from, to });
    return true;
  }
}

describe('checks that are committed straight', () => {
  let store: Store;
  let chain: StraightChain;
  beforeEach(() => {
    store = new Store();
    chain = new StraightChain({ writer: WRITER, store, openRow });
  });
  const placesOf = (): string[] =>
    store.shipped.flatMap(({ from, checks }) => checks.map(({ n }) => `${from.writer} ${n}`));

  it('are one chain, whoever comes at the same time', async () => {
    store.hold();
    const all = Promise.all([1, 2, 3].map((i) => chain.commit([recordOf(`a${i}`), recordOf(`b${i}`)])));
    await new Promise((resolve) => setImmediate(resolve));
    store.release();
    await all;
    expect(
      store.shipped.map(({ checks }) => checks.length),
      'the first alone, then all who waited',
    ).toEqual([2, 4]);
    expect(placesOf()).toEqual([1, 2, 3, 4, 5, 6].map((n) => `${WRITER}-s1 ${n}`));
    let previous = `${WRITER}-s1`;
    for (const { checks, from, to } of store.shipped) {
      expect(from.hash).toBe(previous);
      previous = checks.at(-1)?.hash.toString('base64url') ?? '';
      expect(to).toEqual({ ...from, n: checks.at(-1)?.n, hash: previous });
    }
  });
  it('begin another chain when nobody knows whether they are there', async () => {
    await chain.commit([recordOf('a')]);
    store.fails = () => new RecordUnavailable();
    await expect(chain.commit([recordOf('b')])).rejects.toBeInstanceOf(RecordUnavailable);
    store.fails = undefined;
    await chain.commit([recordOf('c')]);
    expect(placesOf()).toEqual([`${WRITER}-s1 1`, `${WRITER}-s2 1`]);
  });
  it('and go on with it when PostgreSQL refused one of them, which takes nobody else along', async () => {
    const refused = randomUUIDv7();
    store.fails = (checks) => (checks.some(({ checkId }) => checkId === refused) ? new ChecksRefused() : undefined);
    store.hold();
    const first = chain.commit([recordOf('a')]);
    const others = Promise.allSettled([
      chain.commit([recordOf('b')]),
      chain.commit([recordOf('c', { checkId: refused })]),
      chain.commit([recordOf('d')]),
    ]);
    await new Promise((resolve) => setImmediate(resolve));
    store.release();
    await first;
    expect((await others).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(placesOf()).toEqual([1, 2, 3].map((n) => `${WRITER}-s1 ${n}`));
  });
});
