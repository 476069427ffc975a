import type { JlisPopulationPerson } from '@app/contracts/jlis';

import { type RunningMock, startMock } from './testing/running-mock.js';

const EMPLOYEE = 'FFFFFFFF00100001';

let mock: RunningMock;
beforeEach(async () => {
  mock = await startMock();
});
afterEach(() => mock.close());

const population = async (query = ''): Promise<JlisPopulationPerson[]> => {
  const response = await fetch(`${mock.url}/v1/population${query}`);
  expect(response.headers.get('content-type')).toBe('application/x-ndjson');
  const text = await response.text();
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as JlisPopulationPerson);
};

describe('POST /v1/certificate-status', () => {
  it('gives the registry’s word with the time in Tokyo', async () => {
    expect(await mock.call('POST', '/v1/certificate-status', { serial: EMPLOYEE })).toMatchObject({
      status: 200,
      body: {
        serial: EMPLOYEE,
        status: 'good',
        notAfter: '2030-05-05',
        personRef: 'S0000000001',
        asOf: '2026-11-22T09:00:00.000+09:00',
      },
    });
  });

  it('answers that it does not know a serial', async () => {
    expect((await mock.call('POST', '/v1/certificate-status', { serial: 'FFFFFFFF00000000' })).body).toEqual({
      serial: 'FFFFFFFF00000000',
      status: 'unknown',
      asOf: '2026-11-22T09:00:00.000+09:00',
    });
  });

  it('says of every certificate what the population says', async () => {
    for (const { certificates } of await population('?limit=60')) {
      for (const certificate of certificates) {
        const { serial } = certificate;
        expect((await mock.call('POST', '/v1/certificate-status', { serial })).body).toEqual({
          ...certificate,
          asOf: '2026-11-22T09:00:00.000+09:00',
        });
      }
    }
  });
});

describe('GET /v1/population', () => {
  it('streams scenario people first, then the others, each once', async () => {
    const people = await population();
    expect(people).toHaveLength(332);
    expect(people[0]).toMatchObject({ scenario: 'employee', kanjiName: '資格　太郎', kanaName: 'ｼｶｸ ﾀﾛｳ' });
    expect(people.findIndex(({ scenario }) => scenario === undefined)).toBe(32);
    expect(people.slice(32).every(({ scenario }) => scenario === undefined)).toBe(true);
    expect(new Set(people.map(({ personRef }) => personRef)).size).toBe(332);
    expect(people.every((person) => !('individualNumber' in person) && !('birthDay' in person))).toBe(true);
  });

  it.each([
    ['?from=330', 2],
    ['?limit=5', 5],
    ['?from=30&limit=10', 10],
    ['?from=332', 0],
    ['?limit=0', 0],
  ])('%s gives %i people', async (query, expected) => {
    expect(await population(query)).toHaveLength(expected);
  });

  it('in parts is the same as in one', async () => {
    const parts = [...(await population('?limit=100')), ...(await population('?from=100'))];
    expect(parts).toEqual(await population());
  });

  it('says from where in the feed to go on', async () => {
    await mock.call('POST', '/admin/certificates/renew', { serial: EMPLOYEE });
    const response = await fetch(`${mock.url}/v1/population?limit=1`);
    expect(response.headers.get('registry-sequence')).toBe('2');
    expect(response.headers.get('registry-generation')).toBe(mock.registry.feed.generation);
    expect(JSON.parse(await response.text())).toMatchObject({ certificates: [{ status: 'superseded' }, {}] });
  });

  it('computes no further than it is read, and lets go of a reader who leaves', async () => {
    const large = await startMock({ population: 20_000_000 });
    try {
      const seen = vi.spyOn(large.registry, 'populationPerson');
      const leave = new AbortController();
      const response = await fetch(`${large.url}/v1/population`, { signal: leave.signal });
      const reader = response.body?.getReader();
      await reader?.read();
      // The reader takes no more: the stream comes to rest as soon as the sockets' buffers are full.
      await vi.waitFor(
        async () => {
          const before = seen.mock.calls.length;
          await large.call('GET', '/health/live');
          await large.call('GET', '/health/live');
          expect(seen.mock.calls.length).toBe(before);
        },
        { timeout: 10_000, interval: 50 },
      );
      expect(seen.mock.calls.length).toBeLessThan(200_000);
      leave.abort();
    } finally {
      await large.close();
    }
  });
});

describe('GET /v1/certificate-changes', () => {
  it('begins empty', async () => {
    expect((await mock.call('GET', '/v1/certificate-changes')).body).toEqual({
      changes: [],
      next: 0,
      last: 0,
      generation: expect.stringMatching(/^seed-1-300-20261122-[0-9a-f]{8}$/) as string,
      asOf: '2026-11-22T09:00:00.000+09:00',
    });
  });

  it('gives what has happened in pages, in order', async () => {
    await mock.call('POST', '/admin/certificates/renew', { serial: EMPLOYEE });
    await mock.call('POST', '/admin/certificates/revoke', { serial: 'FFFFFFFF00100002' });
    const first = await mock.call('GET', '/v1/certificate-changes?after=0&limit=2');
    expect(first.body).toMatchObject({ changes: [{ sequence: 1 }, { sequence: 2 }], next: 2, last: 3 });
    const second = await mock.call('GET', '/v1/certificate-changes?after=2');
    expect(second.body).toMatchObject({ changes: [{ sequence: 3, status: 'revoked' }], next: 3, last: 3 });
    expect((await mock.call('GET', '/v1/certificate-changes?after=3')).body).toMatchObject({ changes: [], next: 3 });
  });

  it('another start is another generation, even on the same day', async () => {
    const other = await startMock();
    expect(other.registry.feed.generation).not.toBe(mock.registry.feed.generation);
    await other.close();
  });

  it('tells a reader who is too far behind to load afresh, and from where', async () => {
    const forgetful = await startMock({ retainedChanges: 1 });
    await forgetful.call('POST', '/admin/certificates/renew', { serial: EMPLOYEE });
    expect(await forgetful.call('GET', '/v1/certificate-changes?after=0')).toMatchObject({
      status: 410,
      type: 'application/problem+json; charset=utf-8',
      body: { code: 'feed-truncated', last: 2, generation: forgetful.registry.feed.generation },
    });
    expect(await forgetful.call('GET', '/v1/certificate-changes?after=1')).toMatchObject({ status: 200 });
    await forgetful.close();
  });

  it('shows the dates that moved with the day', async () => {
    mock.clock.set('2026-11-23T00:00:00+09:00');
    expect((await mock.call('GET', '/v1/certificate-changes')).body).toMatchObject({
      changes: [
        { notAfter: '2026-11-13', status: 'expired' },
        { notAfter: '2026-12-23', status: 'good' },
      ],
    });
  });
});

describe('POST /v1/person-searches', () => {
  const client = {
    kanjiName: '診療　太郎',
    kanaName: 'ｼﾝﾘｮｳ ﾀﾛｳ',
    birthDate: '2000-01-02',
    sex: '1',
    address: '長野県長野市南長野９９番地２',
  };
  const search = (question: object) => mock.call('POST', '/v1/person-searches', question);

  it('finds the one who agrees on all five, with the individual number', async () => {
    expect(await search(client)).toEqual({
      status: 200,
      type: 'application/json; charset=utf-8',
      body: {
        candidates: [
          {
            ...client,
            personRef: 'S0000000027',
            postNumber: '380-0001',
            matchedAttributes: ['kanjiName', 'kanaName', 'birthDate', 'sex', 'address'],
            individualNumber: expect.stringMatching(/^90000000027\d$/) as string,
          },
        ],
        truncated: false,
      },
    });
  });

  it.each([
    ['full-width kana', { kanaName: 'シンリョウ　タロウ' }],
    ['half-width digits', { address: '長野県長野市南長野99番地2' }],
    ['a half-width space', { kanjiName: '診療 太郎' }],
    ['a hyphen for 番地', { address: '長野県長野市南長野99-2' }],
    ['an address in kanji digits', { address: '長野県長野市南長野九十九番地二' }],
    ['番 and 号', { address: '長野県長野市南長野９９番２号' }],
  ])('takes %s for the same', async (_what, changed) => {
    expect((await search({ ...client, ...changed })).body).toMatchObject({
      candidates: [{ matchedAttributes: { length: 5 } }],
    });
  });

  it.each([
    ['another name', { kanjiName: '診療　次郎' }, ['kanaName', 'birthDate', 'sex', 'address']],
    ['a lot nearby', { address: '長野県長野市南長野99-20' }, ['kanjiName', 'kanaName', 'birthDate', 'sex']],
    ['another address and sex', { address: '長野県', sex: '2' }, ['kanjiName', 'kanaName', 'birthDate']],
  ])('says what agreed with %s', async (_what, changed, matchedAttributes) => {
    expect((await search({ ...client, ...changed })).body).toMatchObject({ candidates: [{ matchedAttributes }] });
  });

  it.each([
    ['another birth date', { birthDate: '2000-01-03' }],
    ['a day that is none', { birthDate: '2000-02-31' }],
    ['a birth date before everybody', { birthDate: '1800-01-01' }],
    ['only birth date and sex in common', { kanjiName: '甲　乙', kanaName: 'ｺｳ ｵﾂ', address: '丙' }],
  ])('finds nobody with %s', async (_what, changed) => {
    expect((await search({ ...client, ...changed })).body).toEqual({ candidates: [], truncated: false });
  });

  it('finds two who agree on everything', async () => {
    const { kanjiName, birthDate, sex } = { kanjiName: '同姓　同名', birthDate: '1990-01-01', sex: '1' };
    expect((await search({ kanjiName, birthDate, sex })).body).toMatchObject({
      candidates: [{ personRef: 'S0000000031' }, { personRef: 'S0000000032' }],
    });
  });

  it('puts the twin who agrees on more first', async () => {
    const address = '広島県広島市中区基町９丁目２番１号';
    expect((await search({ kanaName: 'ﾌﾀﾊﾞ ﾏｲ', birthDate: '2015-02-14', sex: '2', address })).body).toMatchObject({
      candidates: [{ kanjiName: '双葉　まい' }, { kanjiName: '双葉　あい' }],
    });
  });

  it('finds every synthetic person', async () => {
    for (const { kanjiName, birthDate, address, personRef } of await population('?from=32&limit=40')) {
      expect((await search({ kanjiName, birthDate, address })).body).toMatchObject({ candidates: [{ personRef }] });
    }
  });

  it.each([
    ['no birth date', { kanjiName: '診療　太郎', kanaName: 'ｼﾝﾘｮｳ ﾀﾛｳ', sex: '1' }],
    ['only two attributes', { birthDate: '2000-01-02', sex: '1' }],
  ])('refuses %s', async (_what, question) => {
    expect(await search(question)).toMatchObject({ status: 400, body: { code: 'search-too-wide' } });
  });
});

describe('POST /admin/certificates', () => {
  it.each([
    ['revoke', ['revoked']],
    ['expire', ['expired']],
    ['renew', ['superseded', 'good']],
  ])('%s answers with what it put into the feed', async (event, statuses) => {
    const { status, body } = await mock.call('POST', `/admin/certificates/${event}`, { serial: EMPLOYEE });
    expect([status, body]).toMatchObject([200, { changes: statuses.map((one) => ({ status: one })) }]);
    const feed = await mock.call('GET', '/v1/certificate-changes');
    expect(feed.body).toMatchObject(body as object);
    const now = await mock.call('POST', '/v1/certificate-status', { serial: EMPLOYEE });
    expect(now.body).toMatchObject({ status: statuses[0] });
  });

  it.each([
    ['FFFFFFFF00000000', 404, 'certificate-unknown'],
    ['FFFFFFFF00C00001', 409, 'certificate-not-current'],
  ])('of %s is refused with %i', async (serial, status, code) => {
    expect(await mock.call('POST', '/admin/certificates/revoke', { serial })).toMatchObject({ status, body: { code } });
  });
});

describe('POST /admin/residents/change', () => {
  const search = async (question: object): Promise<{ candidates: { matchedAttributes: string[] }[] }> =>
    (await mock.call('POST', '/v1/person-searches', question)).body as never;

  it('what is left out stays as it was', async () => {
    const { body } = await mock.call('POST', '/admin/residents/change', { serial: EMPLOYEE });
    expect(body).toMatchObject({
      personRef: expect.any(String),
      kanjiName: expect.any(String),
      kanaName: expect.any(String),
      sex: expect.any(String),
      address: expect.any(String),
      postNumber: expect.any(String),
    });
  });

  it('a search finds them by what they are now, and no more by what they were', async () => {
    const was = (await mock.call('POST', '/admin/residents/change', { serial: EMPLOYEE })).body as Record<
      string,
      string
    >;
    const { status, body } = await mock.call('POST', '/admin/residents/change', {
      serial: EMPLOYEE.toLowerCase(),
      kanjiName: '新姓　太郎',
      address: '東京都千代田区永田町１丁目１番１号',
    });
    expect([status, body]).toEqual([
      200,
      { ...was, kanjiName: '新姓　太郎', address: '東京都千代田区永田町１丁目１番１号' },
    ]);
    const { personRef: _ref, postNumber: _post, ...question } = body as Record<string, string>;
    expect((await search(question)).candidates[0]?.matchedAttributes).toHaveLength(5);
    const before = { ...question, kanjiName: was['kanjiName'] };
    expect((await search(before)).candidates[0]?.matchedAttributes).not.toContain('kanjiName');
    // What became of their card is another thing, and neither forgets the other.
    await mock.call('POST', '/admin/certificates/renew', { serial: EMPLOYEE });
    expect((await search(question)).candidates[0]?.matchedAttributes).toHaveLength(5);
  });

  it('of a serial nobody has is refused', async () => {
    const changed = { serial: 'FFFFFFFF00000000', kanjiName: '誰か' };
    expect(await mock.call('POST', '/admin/residents/change', changed)).toMatchObject({
      status: 404,
      body: { code: 'certificate-unknown' },
    });
  });
});
