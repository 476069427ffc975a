import type { JlisPersonSearchRequest } from '@app/contracts/jlis';

import { GuardedSearch } from './guarded-search.js';
import { SearchRefused, type PersonSearchResult } from './person-search.js';
import { RegistryFault } from './registry.js';

const TIMEOUT_MS = 1_000;
const RESET_MS = 5_000;
const QUESTION: JlisPersonSearchRequest = { kanjiName: '資格　太郎', birthDate: '1980-05-05', sex: '1' };
const NOBODY: PersonSearchResult = { candidates: [], truncated: false };

let ask: ReturnType<typeof vi.fn<(question: JlisPersonSearchRequest, withinMs: number) => Promise<PersonSearchResult>>>;
let search: GuardedSearch;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  ask = vi.fn(async () => NOBODY);
  search = new GuardedSearch(
    ask,
    { now: () => Date.now() },
    { timeoutMs: TIMEOUT_MS, resetMs: RESET_MS, callsMax: 100, retryPercent: 0, random: () => 0 },
  );
});
afterEach(() => {
  search.close();
  vi.useRealTimers();
});

const outcome = (): Promise<string> =>
  search.search(QUESTION).then(
    () => 'found',
    (error: unknown) => {
      if (error instanceof SearchRefused) return error.because;
      return error instanceof RegistryFault ? error.reason : 'something else';
    },
  );
const calls = async (n: number): Promise<Set<string>> => {
  const outcomes = new Set<string>();
  for (let i = 0; i < n; i += 1) outcomes.add(await outcome());
  return outcomes;
};

it('passes the question on with what time there is, and the answer back', async () => {
  expect(await search.search(QUESTION)).toBe(NOBODY);
  expect(await search.search(QUESTION, 300)).toBe(NOBODY);
  expect(ask.mock.calls).toEqual([
    [QUESTION, TIMEOUT_MS],
    [QUESTION, 300],
  ]);
});

it('three hundred questions that the registry refuses reach whoever asked as that, and do not open the breaker', async () => {
  ask.mockRejectedValue(new SearchRefused('search-too-wide'));
  expect(await calls(300)).toEqual(new Set(['search-too-wide']));
  expect(search.isClosed).toBe(true);
  expect(search.state.counts).toMatchObject({ fires: 300, successes: 0, failures: 0, rejects: 0 });
});

it('ten failures open it, and what it lets through after its rest closes it', async () => {
  ask.mockRejectedValue(new RegistryFault('connection'));
  expect(await calls(10)).toEqual(new Set(['connection']));
  expect([search.isClosed, await outcome()]).toEqual([false, 'breaker-open']);
  await vi.advanceTimersByTimeAsync(RESET_MS);
  ask.mockResolvedValue(NOBODY);
  expect(await outcome()).toBe('found');
  expect(search.state).toMatchObject({ breaker: 'closed', since: 1_000_000 + RESET_MS });
});

it('an error of our own is refused like the rest: no caller has to know of it', async () => {
  ask.mockRejectedValue(new TypeError('of ours'));
  expect(await calls(20)).toEqual(new Set(['breaker-open']));
  expect(search.isClosed).toBe(true);
});
