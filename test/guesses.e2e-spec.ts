import { Guesses } from '../apps/eligibility-api/src/limits/guesses.js';
import { expectProblem } from './support/problem.js';
import { eventually, World, type Reply } from './support/world.js';

const ALLOWED = 5;

describe('numbers that nobody has', () => {
  let world: World;
  let insured: Record<string, string>;
  let found: { readonly over: () => void }[];
  beforeAll(async () => {
    world = await World.start({
      name: 'guesses',
      settings: { GUESSES_MAX: String(ALLOWED), CLIENT_QUOTA_REQUESTS: '1000000' },
    });
    await world.allReady();
    const known = world.people.find(({ insured: by, expected }) => by !== undefined && expected['verdict'] === 'valid');
    insured = known?.insured ?? {};
    found = [];
    // How long a place is kept is the test's to say.
    Object.assign(world.counter.app.get(Guesses)['parts'], {
      wait: () => new Promise<void>((over) => found.push({ over })),
    });
  });
  afterAll(async () => {
    for (const { over } of found) over();
    await world.close();
  });

  const ask = (more: object = {}, client = 'demo-clinic'): Promise<Reply> =>
    world.check({ insured: { ...insured, ...more } }, { client });
  const day = (n: number): string => `1950-01-${String(n).padStart(2, '0')}`;
  const metric = async (name: string): Promise<number> => {
    const { text } = await world.call('GET', '/metrics', { client: null });
    return Number(new RegExp(`^${name} (\\d+)`, 'm').exec(text)?.[1] ?? 0);
  };

  it('as many different ones as are allowed are answered like any other, and the same one again is no other', async () => {
    for (let n = 1; n <= ALLOWED; n += 1) expect((await ask({ birthdate: day(n) })).body['verdict']).toBe('not-found');
    for (let times = 0; times < 20; times += 1)
      expect((await ask({ birthdate: day(1) })).body['verdict']).toBe('not-found');
    expect(found).toHaveLength(0);
    expect(await metric('shikaku_slowed_clients')).toBe(0);
    expect(await metric('shikaku_wrong_keys_total\\{slowed="false"\\}')).toBe(ALLOWED);
  });

  it('whoever asks about more is slowed: four at once, and each that finds nobody keeps its place, whether or not the caller waits', async () => {
    expect((await ask({ insuredIdentificationNumber: '99999999' })).body['verdict']).toBe('not-found');
    expect(await metric('shikaku_slowed_clients')).toBe(1);

    const guesses = [11, 12, 13, 14].map((n) => ask({ birthdate: day(n) }));
    await eventually(async () => found.length === 4);
    const refused = await ask({ birthdate: day(15) });
    const problem = expectProblem(refused, 'too-many-guesses');
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(problem['fallback']).toMatchObject({ documents: expect.any(Array) });

    found[0]?.over();
    expect((await Promise.race(guesses)).body['verdict']).toBe('not-found');
    for (const { over } of found) over();
    await Promise.all(guesses);
  });

  it('what finds somebody is answered while guesses wait, and cards whatever waits', async () => {
    const before = found.length;
    const guesses = [21, 22, 23].map((n) => ask({ birthdate: day(n) }));
    await eventually(async () => found.length === before + 3);
    for (let times = 0; times < 5; times += 1) expect((await ask()).body['verdict']).toBe('valid');
    const last = ask({ birthdate: day(24) });
    await eventually(async () => found.length === before + 4);
    expect((await world.ask('employee-30-u')).body['verdict']).toBe('valid');
    for (const { over } of found) over();
    await Promise.all([...guesses, last]);
  });

  it('the person who was guessed at is not locked out: another client finds them, and is not slowed', async () => {
    expect((await ask({}, 'demo-clinic-2')).body['verdict']).toBe('valid');
    expect((await ask({ birthdate: day(1) }, 'demo-clinic-2')).body['verdict']).toBe('not-found');
  });

  it('a batch waits for its places, and has a line for everybody', async () => {
    const before = found.length;
    const { body } = await world.call('POST', '/v1/eligibility-batches', {
      body: {
        people: [
          ...Array.from({ length: 6 }, (_, n) => ({ itemId: `g${n}`, insured: { ...insured, birthdate: day(n + 1) } })),
          { itemId: 'known', insured },
        ],
      },
    });
    const path = `/v1/eligibility-batches/${body['batchId']}`;
    let seen = before;
    await eventually(async () => {
      for (; seen < found.length; seen += 1) found[seen]?.over();
      return (await world.call('GET', path)).body['state'] === 'finished';
    });
    const { text } = await world.call('GET', `${path}/results`);
    const verdicts = text
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { answer?: { verdict: string } }).answer?.verdict);
    expect(verdicts).toEqual([...Array.from({ length: 6 }, () => 'not-found'), 'valid']);
    expect(found.length - before).toBe(6);
  });
});
