import { hash, randomUUID, randomUUIDv7 } from 'node:crypto';
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Client } from 'pg';

import { verifyCheckLog } from '../apps/eligibility-api/src/check-log-commands.js';
import { Anchors } from '../apps/eligibility-api/src/check-log/anchors.js';
import { Journal } from '../apps/eligibility-api/src/check-log/journal.js';
import { headFrom } from '../apps/eligibility-api/src/check-log/journal-line.js';
import type { Finding } from '../apps/eligibility-api/src/check-log/verify-chains.js';
import { StoredChains } from '../apps/eligibility-api/src/coverage-store/chain-reader.js';
import { SETTINGS, type Settings } from '../apps/eligibility-api/src/settings/index.js';
import { World } from './support/world.js';

const CHECKS = '/v1/eligibility-checks';
const EDITS = 100;
const TABLES = [
  'eligibility_check',
  'check_answer',
  'check_journal',
  'check_twin',
  'check_anchor',
  'check_retention_mark',
];

/** mulberry32: the same edits for the same seed. */
const seeded = (seed: number) => {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return { below, pick: <T>(of: readonly T[]): T => of[below(of.length)] as T };
};

const collected = async <T>(source: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const one of source) all.push(one);
  return all;
};

interface Stored {
  readonly writer: string;
  readonly n: number;
  readonly id: string;
}

describe('R-08: the check log', () => {
  let world: World;
  let admin: Client;
  let records: Stored[];
  /** Last number of each chain, and that of its last anchor. */
  let ends: Map<string, { last: number; anchored: number }>;

  const atOnce = async (): Promise<void> => {
    await world.shipped();
    await world.counter.app.get(Anchors).atOnce();
  };
  const settings = (): Settings => world.counter.app.get<Settings>(SETTINGS);
  const verify = (...args: string[]) => world.verified(...args);

  beforeAll(async () => {
    world = await World.start({ name: 'check_log', settings: { ANCHOR_INTERVAL_SECONDS: '60' } });
    admin = new Client({ connectionString: world.database.adminUrl });
    await admin.connect();
    await world.allReady();
    // A log as it is: two writers, one of whose disk takes nothing; repeats, operators, consents, the short reply.
    const other = await world.anotherCounter();
    writeFileSync(join(other.app.get<Settings>(SETTINGS).DATA_DIR, 'journal'), '');
    const headers = { authorization: `Bearer ${await world.token()}`, 'content-type': 'application/json' };
    const people = world.people.filter(({ certificateSerial }) => certificateSerial !== undefined);
    for (let i = 0; i < 240; i += 1) {
      const { id, certificateSerial } = people[i % people.length] as (typeof people)[number];
      const consent = { diagnosis: i % 2 === 0, limitApplicationCertificate: i % 3 === 0 };
      const asked = {
        'Shikaku-Operator': i % 5 === 0 ? '職員 "1"' : 'staff-2',
        ...(i % 7 === 0 ? { 'Idempotency-Key': `key-${i % 3}` } : {}),
      };
      await world.ask(
        id,
        { consent },
        { headers: { ...asked, 'Shikaku-Operator': encodeURIComponent(asked['Shikaku-Operator']) } },
      );
      if (i % 6 === 0)
        await fetch(`${other.url}${CHECKS}`, {
          method: 'POST',
          headers,
          body: JSON.stringify({ card: { certificateSerial }, consent }),
        });
      if (i % 50 === 49) await atOnce();
    }
    const { body } = await world.ask('employee-30-u');
    for (let i = 0; i < 3; i += 1) await world.ask('employee-30-u', { ifVersion: body['answerVersion'] });
    await other.app.close();
    await atOnce();
    // A few after the last anchor, as there always are.
    for (let i = 0; i < 5; i += 1) await world.ask('employee-30-u');
    await world.shipped();
    const { rows } = await admin.query<Stored>(
      'select writer, n::int, check_id as id from eligibility_check order by writer, n',
    );
    records = rows;
    const found = await admin.query<{ writer: string; last: number; anchored: number }>(
      `select c.writer, max(c.n)::int as last, (select max(n)::int from check_anchor a where a.writer = c.writer) as anchored from eligibility_check c group by 1`,
    );
    ends = new Map(found.rows.map(({ writer, ...end }) => [writer, end]));
    for (const table of TABLES) await admin.query(`create table copy_${table} as select * from ${table}`);
  }, 120_000);
  afterAll(async () => {
    await admin.end();
    await world.close();
  });

  const restore = async (): Promise<void> => {
    for (const table of TABLES)
      await admin.query(`delete from ${table}; insert into ${table} select * from copy_${table}`);
  };
  afterEach(restore);
  const run = (sql: string, ...values: unknown[]) => admin.query(sql, values);
  const named = ({ kind, writer, n }: Finding): string => `${kind} ${writer} ${n}`;

  it('as it was recorded is found to be so, and what no anchor covers yet is told', async () => {
    expect(ends.size).toBe(2);
    expect(records.length).toBeGreaterThan(250);
    const report = await verify();
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({ ok: true, chains: { records: records.length, chains: 2, unprovable: 0 } });
    expect(report.chains.anchors).toBeGreaterThan(6);
    expect(report.chains.unanchored).toMatchObject({ records: 5, chains: 1 });
  });

  const CHANGES = [
    `client_id = client_id || 'x'`,
    `institution_code = '9999999999'`,
    `operator = coalesce(operator, '') || 'x'`,
    `purpose = case purpose when 'claim' then 'treatment' else 'claim' end`,
    `service_date = service_date + 1`,
    `subject_hash = sha256(subject_hash)`,
    `verdict = case verdict when 'valid' then 'invalid' else 'valid' end`,
    `credential_state = credential_state || 'x'`,
    `answer_version = answer_version || 'x'`,
    `degraded = case when degraded is null then 'replica-behind' end`,
    `unchanged = not unchanged`,
    `repeats = case when repeats is null then check_id end`,
    `consented = consented # 4`,
    `spliced = replace(spliced, '{', '{"verifiedAt":"2026-01-01",')`,
    `digest = sha256(digest)`,
    `chain_hash = sha256(chain_hash)`,
    `checked_at = checked_at + interval '1 millisecond'`,
    `check_id = gen_random_uuid()`,
  ];

  /** Each changes the log in one place and says the first number that is bad, and of which chain. */
  const edits: Readonly<Record<string, (random: ReturnType<typeof seeded>) => Promise<Stored>>> = {
    change: async ({ pick }) => {
      const one = pick(records);
      await run(`update eligibility_check set ${pick(CHANGES)} where writer = $1 and n = $2`, one.writer, one.n);
      return one;
    },
    delete: async ({ pick }) => {
      const one = pick(records);
      await run('delete from eligibility_check where writer = $1 and n = $2', one.writer, one.n);
      return one;
    },
    reorder: async ({ pick, below }) => {
      const one = pick(records.filter(({ writer, n }) => n + 5 < (ends.get(writer)?.last ?? 0)));
      const length = 2 + below(3);
      await run(
        'update eligibility_check set n = $2 + (n - $2 + 1) % $3 where writer = $1 and n >= $2 and n < $2 + $3',
        one.writer,
        one.n,
        length,
      );
      return one;
    },
    insert: async ({ pick, below }) => {
      const one = pick(records);
      const last = ends.get(one.writer)?.last ?? 0;
      const n = below(2) === 0 ? one.n : last + 1;
      await run(
        `insert into eligibility_check select (jsonb_populate_record(c, jsonb_build_object('check_id', $3::text, 'n', $4::bigint))).* from eligibility_check c
         where writer = $1 and n = $2`,
        one.writer,
        one.n,
        below(2) === 0 ? randomUUID() : randomUUIDv7(),
        n,
      );
      return { ...one, n };
    },
    truncate: async ({ pick, below }) => {
      const one = pick(records.filter(({ writer, n }) => n > 1 && n <= (ends.get(writer)?.anchored ?? 0)));
      await run('delete from eligibility_check where writer = $1 and n >= $2', one.writer, one.n);
      // Whoever is careful moves the head of the chain back as well: then the anchors say it.
      if (below(2) === 0)
        await run(
          `update check_journal j set n = $2::bigint - 1, chain_hash = rtrim(translate(encode(c.chain_hash, 'base64'), '+/', '-_'), '=')
           from eligibility_check c where c.writer = j.writer and c.n = $2::bigint - 1 and j.writer = $1`,
          one.writer,
          one.n,
        );
      return one;
    },
    swap: async ({ pick }) => {
      const one = pick(records);
      const other = pick(records.filter(({ writer, n }) => writer === one.writer && n !== one.n));
      await run(
        'update eligibility_check set n = $2 + $3 - n where writer = $1 and n in ($2, $3)',
        one.writer,
        one.n,
        other.n,
      );
      return one.n < other.n ? one : other;
    },
  };

  it.each(Object.keys(edits))(
    `of ${EDITS} seeded edits, every %s is found, and the first bad number named`,
    async (kind) => {
      const names = Object.keys(edits);
      let tried = 0;
      for (let seed = 1; seed <= EDITS; seed += 1) {
        const random = seeded(seed);
        if (random.pick(names) !== kind) continue;
        const { writer, n } = await (edits[kind] as (typeof edits)[string])(random);
        const { ok, findings } = await verify();
        expect(ok, `seed ${seed}`).toBe(false);
        expect(
          { writer: findings[0]?.writer, n: findings[0]?.n },
          `seed ${seed}: ${named(findings[0] as Finding)}`,
        ).toEqual({ writer, n });
        tried += 1;
        await restore();
      }
      expect(tried).toBeGreaterThan(5);
    },
    120_000,
  );

  /** The longest chain. */
  const longest = (): { writer: string; last: number; anchored: number } =>
    [...ends].map(([writer, end]) => ({ writer, ...end })).toSorted((a, c) => c.last - a.last)[0] as never;

  /** Calculates a chain anew from a number on, and its head, as somebody would who knows how. */
  const recalculate = async (writer: string, from: number): Promise<void> => {
    const reader = new StoredChains(admin);
    let previous = from === 1 ? writer : ((await reader.hashAt(writer, from - 1)) ?? '');
    await reader.begin();
    const places = await collected(reader.places({ writer, firstN: from, lastN: undefined }));
    await reader.end();
    for (const { n, check } of places) {
      if (check === undefined) continue;
      previous = hash('sha256', `${previous}\n${headFrom(n, check)}`, 'base64url');
      await run(
        'update eligibility_check set chain_hash = $3 where writer = $1 and n = $2',
        writer,
        n,
        Buffer.from(previous, 'base64url'),
      );
    }
    await run('update check_journal set chain_hash = $2 where writer = $1', writer, previous);
  };

  it('calculated anew behind a change is not what was signed: the first anchor behind it says so', async () => {
    const { writer } = longest();
    const { rows } = await run('select n::int from check_anchor where writer = $1 order by n', writer);
    const anchors = rows.map(({ n }) => n as number);
    for (const n of [1, anchors[0] as number, (anchors[0] as number) + 1, anchors.at(-1) as number]) {
      await run(`update eligibility_check set verdict = 'not-found' where writer = $1 and n = $2`, writer, n);
      await recalculate(writer, n);
      const [first] = (await verify()).findings;
      const [before = 0] = anchors.filter((one) => one < n).toReversed();
      const behind = anchors.find((one) => one >= n) as number;
      expect(first, `n ${n}`).toEqual({
        kind: 'not-as-anchored',
        writer,
        n: before + 1,
        ...(behind > before + 1 ? { throughN: behind } : {}),
      });
      await restore();
    }
  });
  it('without a chain that it had is cut at its first record, also where the head is gone with it', async () => {
    const { writer } = longest();
    await run('delete from eligibility_check where writer = $1', writer);
    await run('delete from check_journal where writer = $1', writer);
    expect((await verify()).findings.map(named)).toEqual([`cut ${writer} 1`]);
  });
  it('cut behind the last anchor: the head of the chain says so', async () => {
    const { writer, last, anchored } = longest();
    expect(last).toBe(anchored + 5);
    await run('delete from eligibility_check where writer = $1 and n = $2', writer, last);
    expect((await verify()).findings.map(named)).toEqual([`cut ${writer} ${last}`]);
  });
  it('added to where its writer had ended', async () => {
    const { writer, last } = longest();
    const ended = [...ends.keys()].find((one) => one !== writer) as string;
    const end = ends.get(ended)?.last ?? 0;
    await run(`update check_anchor set final = true where writer = $1 and n = $2`, ended, end);
    expect((await verify()).findings.map(named)[0], 'signed as it was').toBe(`anchor-forged ${ended} ${end}`);
    await restore();
    world.counter.app
      .get(Anchors)
      .ended({ writer, n: last, hash: (await new StoredChains(admin).hashAt(writer, last)) ?? '' });
    await world.counter.app.get(Anchors).tick();
    expect((await verify()).ok).toBe(true);
    await run(
      `insert into eligibility_check select (jsonb_populate_record(c, jsonb_build_object('check_id', gen_random_uuid(), 'n', n + 1))).* from eligibility_check c
       where writer = $1 and n = $2`,
      writer,
      last,
    );
    await run('update check_journal set n = n + 1 where writer = $1', writer);
    await recalculate(writer, last + 1);
    expect((await verify()).findings.map(named)).toContain(`after-the-end ${writer} ${last + 1}`);
  });
  it.each([
    ['whose number is another', `n = n - 1`],
    ['whose hash is another', `chain_hash = sha256(chain_hash)`],
    ['of another instant', `at = at - interval '1 hour'`],
    ['signed by somebody else', `signature = decode(repeat('ab', 64), 'hex')`],
    ['of a key that does not count', `key_id = 'another'`],
  ])('with an anchor %s: it is told as forged', async (_what, set) => {
    await run(`update check_anchor set ${set} where seq = 2`);
    const { findings } = await verify();
    expect(findings[0]?.kind).toBe('anchor-forged');
  });
  it('with an anchor taken out of the middle of its chain', async () => {
    await run('delete from check_anchor where seq = 2');
    expect((await verify()).findings).toMatchObject([{ kind: 'anchor-missing', n: 2 }]);
  });
  it('with a text that was changed, is gone or is not referred to any more', async () => {
    const [one] = records as [Stored];
    const ofOne = 'answer_key = (select answer_key from eligibility_check where check_id = $1)';
    const first = async (): Promise<string> => named((await verify()).findings[0] as Finding);
    await run(`update check_answer set text = text || 'x'::bytea where ${ofOne}`, one.id);
    expect(await first()).toMatch(/^answer-changed /);
    await restore();
    await run(`delete from check_answer where ${ofOne}`, one.id);
    expect(await first()).toMatch(/^answer-missing /);
    expect((await verify('--no-answers')).ok).toBe(true);
    await restore();
    await run('update eligibility_check set answer_key = null where check_id = $1', one.id);
    expect(await first()).toBe(`answer-missing ${one.writer} ${one.n}`);
  });
  it('with a record in no chain; from before there were chains, nothing can be said of it', async () => {
    const [one] = records as [Stored];
    const unchained = (more: string): string =>
      `insert into eligibility_check select (jsonb_populate_record(c, jsonb_build_object('check_id', gen_random_uuid(), 'writer', null, 'n', null, 'chain_hash', null ${more}))).*
       from eligibility_check c where check_id = $1 returning check_id`;
    const { rows } = await run(unchained(''), one.id);
    await run(`update check_log_policy set chained_since = '2020-01-01'`);
    expect((await verify()).findings).toEqual([{ kind: 'unchained', writer: '', n: 0, checkId: rows[0].check_id }]);
    await run(`update check_log_policy set chained_since = '2100-01-01'`);
    const report = await verify();
    expect(report).toMatchObject({ ok: true, chains: { unprovable: 1 } });
  });

  it('asked for some days, is looked at for those', async () => {
    const { writer } = longest();
    const today = new Date(world.clock.now() + 9 * 3_600_000).toISOString().slice(0, 10);
    expect(await verify('--from', today)).toMatchObject({ ok: true, chains: { records: records.length } });
    expect(await verify('--to', '2020-01-01')).toMatchObject({ ok: true, chains: { records: 0 } });
    await run(`update eligibility_check set verdict = 'not-found' where writer = $1 and n = 7`, writer);
    expect((await verify('--from', today, '--to', today)).findings.map(named)).toEqual([`changed ${writer} 7`]);
    for (const wrong of [['--from', 'yesterday'], ['--until', today], ['more']])
      await expect(verify(...wrong)).rejects.toThrow('check-log:verify takes');
  });

  describe('with its local journals', () => {
    const path = (): string => {
      const { writer } = world.counter.app.get(Journal);
      const folder = join(world.dataDir, 'journal', writer);
      return join(folder, readdirSync(folder).toSorted().at(-1) as string);
    };
    let bytes: Buffer;
    beforeEach(() => {
      bytes = readFileSync(path());
    });
    afterEach(() => writeFileSync(path(), bytes));

    it('has what is in them, too; half a line at the end was never answered', async () => {
      appendFileSync(path(), bytes.subarray(0, 40));
      const report = await verify('--journal');
      expect(report.findings).toEqual([]);
      expect(report.journals?.lines).toBeGreaterThan(200);
    });
    it('names the line that was changed, and one that is missing', async () => {
      const { writer } = world.counter.app.get(Journal);
      const lines = bytes.toString('latin1').split('\n');
      writeFileSync(
        path(),
        lines.with(7, (lines[7] ?? '').replace('"consented":', '"consented":1')).join('\n'),
        'latin1',
      );
      expect((await verify('--journal')).findings.map(named)[0]).toBe(`changed ${writer} 7`);
      writeFileSync(path(), lines.toSpliced(7, 1).join('\n'), 'latin1');
      expect((await verify('--journal')).findings.map(named)[0]).toBe(`missing ${writer} 7`);
    });
  });
  it('says the same as text and as JSON, with the exit code for it', async () => {
    const said: string[] = [];
    await verifyCheckLog(settings(), [], (line) => said.push(line));
    expect(said.at(-1)).toBe('Everything is as it was recorded.');
    const { writer } = longest();
    await run('delete from eligibility_check where writer = $1 and n = 9', writer);
    await verifyCheckLog(settings(), [], (line) => said.push(line));
    expect(said).toContain(`First bad record: writer ${writer}, n 9: missing, this record is missing.`);
    const json: string[] = [];
    await verifyCheckLog(settings(), ['--json'], (line) => json.push(line));
    expect(JSON.parse(json[0] ?? '')).toMatchObject({ ok: false, findings: [{ kind: 'missing', writer, n: 9 }] });
  });
  it(`tells a place of a check that is in another chain as well: neither may be taken away`, async () => {
    const { writer } = longest();
    const [one] = records.filter((record) => record.writer === writer) as [Stored];
    // What the shipper leaves of a check that was committed straight before: a twin with the number and hash of the other chain.
    const reader = new StoredChains(admin);
    await reader.begin();
    const [place] = await collected(reader.places({ writer, firstN: 1, lastN: 1 }));
    await reader.end();
    const check = place?.check;
    if (check === undefined) throw new Error('there is no first record');
    const twin = hash('sha256', `twins\n${headFrom(1, check)}`, 'base64url');
    await run(`insert into check_journal values ('twins', 1, $1, 0, 0, now())`, twin);
    await run(
      `insert into check_twin select 'twins', 1, $1, check_id, checked_at from eligibility_check where check_id = $2`,
      Buffer.from(twin, 'base64url'),
      one.id,
    );
    expect((await verify()).findings).toEqual([]);
    await run('delete from check_twin');
    expect((await verify()).findings.map(named)).toEqual(['cut twins 1']);
  });
});
