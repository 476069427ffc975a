import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client } from 'pg';
import type { DataSource } from 'typeorm';

import { retainCheckLog, verifyCheckLog } from '../apps/eligibility-api/src/check-log-commands.js';
import {
  anchorKeyFile,
  anchorPublicKeysFile,
  makeAnchorKey,
  readAnchorKey,
  type AnchorKey,
} from '../apps/eligibility-api/src/check-log/anchor-keys.js';
import { recordOf } from '../apps/eligibility-api/src/check-log/check-log.fixture.js';
import { parseRetention } from '../apps/eligibility-api/src/check-log/retention-period.js';
import { Retention } from '../apps/eligibility-api/src/check-log/retention.js';
import {
  anchorLink,
  firstLink,
  signedAnchor,
  type Anchor,
} from '../apps/eligibility-api/src/check-log/signed-words.js';
import { StraightChain } from '../apps/eligibility-api/src/check-log/straight-chain.js';
import { SignedAnchors } from '../apps/eligibility-api/src/coverage-store/anchor-store.js';
import { StoredChains } from '../apps/eligibility-api/src/coverage-store/chain-reader.js';
import { CheckStore } from '../apps/eligibility-api/src/coverage-store/check-store.js';
import { createDataSource } from '../apps/eligibility-api/src/coverage-store/data-source.js';
import { StoredRetention } from '../apps/eligibility-api/src/coverage-store/retention-store.js';
import { readSettings, type Settings } from '../apps/eligibility-api/src/settings/index.js';
import { freshDatabase, type FreshDatabase } from './support/fresh-database.js';
import { SettableClock } from './support/settable-clock.js';

const CHAIN = '20161031T000000Z-0badc0de-1-00000000';
const WRITER = `${CHAIN}-s1`;
/** Out of order where the month ends, as they are where many are asked at once. */
const CHECKED = [
  '2016-10-01T00:00:00.000+09:00',
  '2016-10-31T23:59:59.998+09:00',
  '2016-11-01T00:00:00.000+09:00',
  '2016-10-31T23:59:59.999+09:00',
  '2016-11-01T00:00:00.001+09:00',
  '2016-11-30T12:00:00.000+09:00',
  '2016-12-01T00:00:00.000+09:00',
];

describe('the check log is kept for five years', () => {
  let database: FreshDatabase;
  let owner: DataSource;
  let counter: DataSource;
  let admin: Client;
  let settings: Settings;
  let folder: string;
  let key: AnchorKey;
  let clock: SettableClock;

  beforeEach(async () => {
    database = await freshDatabase('retention');
    folder = await mkdtemp(join(tmpdir(), 'retention-'));
    settings = readSettings({ DATABASE_URL: database.counterUrl, SECRETS_DIR: folder, DATA_DIR: folder });
    await makeAnchorKey(anchorKeyFile(settings), anchorPublicKeysFile(settings));
    key = (await readAnchorKey(anchorKeyFile(settings))) as AnchorKey;
    const connect = (url: string): Promise<DataSource> =>
      createDataSource({ url, poolMax: 2, timeoutMs: 30_000, applicationName: 'retention' }).initialize();
    owner = await connect(database.ownerUrl);
    await owner.runMigrations();
    counter = await connect(database.counterUrl);
    admin = new Client({ connectionString: database.adminUrl });
    await admin.connect();
    clock = new SettableClock('2021-10-31T23:59:59.999+09:00');
    const chain = new StraightChain({ writer: CHAIN, store: new CheckStore(counter), openRow: () => '' });
    for (const [i, at] of CHECKED.entries())
      await chain.commit([recordOf(`{"text":${i % 2}}`, { checkedAt: Date.parse(at), consented: ['diagnosis'] })]);
    await anchored([1, 4, 7]);
  });
  afterEach(async () => {
    await admin.end();
    await counter.destroy();
    await owner.destroy();
    await database.drop();
    await rm(folder, { recursive: true });
  });

  const anchored = async (of: readonly number[]): Promise<void> => {
    const reader = new StoredChains(admin);
    const anchors: Anchor[] = [];
    for (const n of of) {
      const before = anchors.at(-1);
      const word = {
        anchoredBy: 'k',
        seq: anchors.length + 1,
        previous: before === undefined ? firstLink('k') : anchorLink(before),
        writer: WRITER,
        n,
        hash: (await reader.hashAt(WRITER, n)) ?? '',
        at: Date.parse(CHECKED[n - 1] ?? '') + 10_000,
        final: false,
      };
      anchors.push(signedAnchor(word, key));
    }
    await new SignedAnchors(counter).add(anchors);
  };
  const retain = (
    at: string,
    period = 'P5Y',
    signing: { key: AnchorKey | undefined } = { key },
  ): Promise<readonly string[]> => {
    clock.set(at);
    return new Retention({
      store: new StoredRetention(database.counterUrl),
      ...signing,
      period: parseRetention(period),
      now: () => clock.now(),
    }).run();
  };
  const tables = async (): Promise<string[]> => {
    const { rows } = await admin.query<{ name: string }>(
      `select tablename as name from pg_tables where tablename ~ '_20\\d\\d_\\d\\d$' order by 1`,
    );
    return rows.map(({ name }) => name);
  };
  const monthsOf = (...months: string[]): string[] =>
    ['check_answer', 'consent', 'eligibility_check'].flatMap((table) => months.map((month) => `${table}_${month}`));
  const stored = async (): Promise<number[]> => {
    const { rows } = await admin.query<{ n: number }>('select n::int from eligibility_check order by n');
    return rows.map(({ n }) => n);
  };
  const verify = () => verifyCheckLog(settings, ['--no-answers'], () => {});

  it('a month goes when the last check in it is five years old, with its consents and texts, and not a millisecond before', async () => {
    expect(await retain('2021-10-31T23:59:59.999+09:00')).toEqual([]);
    expect(await tables()).toEqual(monthsOf('2016_10', '2016_11', '2016_12'));
    expect(await retain('2021-11-01T00:00:00.000+09:00')).toEqual(['2016-10-01']);
    expect(await tables()).toEqual(monthsOf('2016_11', '2016_12'));
    expect(await stored()).toEqual([3, 5, 6, 7]);
    const { rows } = await admin.query(
      `select (select count(*)::int from consent) as consents, (select min(month)::text from check_answer) as texts,
         (select count(*)::int from check_answer a where not exists (select from eligibility_check c where c.answer_key = a.answer_key)) as unused`,
    );
    expect(rows).toEqual([{ consents: 4, texts: '2016-11-01', unused: 0 }]);
    expect(await retain('2021-11-30T23:59:59.999+09:00')).toEqual([]);
    expect(await retain('2022-01-01T00:00:00.000+09:00')).toEqual(['2016-11-01', '2016-12-01']);
    expect(await tables()).toEqual([]);
  });
  it('what is left is as provable as before, and says what is gone', async () => {
    expect(await verify()).toMatchObject({ ok: true, chains: { records: 7, retired: 0, anchors: 3 } });
    await retain('2021-11-01T00:00:00.000+09:00');
    const after = await verify();
    expect(after.findings).toEqual([]);
    // The anchor of the month, which speaks of the first, went with it.
    expect(after).toMatchObject({ chains: { records: 4, retired: 3, marks: 3, anchors: 2 } });
    await admin.query('delete from eligibility_check where n = 5');
    expect((await verify()).findings).toMatchObject([{ kind: 'missing', writer: WRITER, n: 5 }]);
  });
  it('a mark that somebody else wrote, or that is taken away, shows', async () => {
    await retain('2021-11-01T00:00:00.000+09:00');
    await admin.query('update check_retention_mark set last_n = last_n + 1 where first_n = 4');
    expect((await verify()).findings[0]).toMatchObject({ kind: 'mark-forged', n: 4 });
    await admin.query(`delete from check_retention_mark where kind = 'checks' and first_n = 1`);
    expect((await verify()).findings).toContainEqual({ kind: 'missing', writer: WRITER, n: 1, throughN: 2 });
  });
  it('another period is another day; one of less than five years is refused by the database, too', async () => {
    expect(await retain('2026-10-31T00:00:00.000+09:00', 'P10Y')).toEqual([]);
    expect(await retain('2026-11-01T00:00:00.000+09:00', 'P10Y')).toEqual(['2016-10-01']);
    // Of the machine's own clock, which the database goes by.
    await admin.query(`select make_check_partitions(current_date - 400)`);
    const before = await tables();
    await expect(retain(new Date().toISOString(), 'P1Y')).rejects.toMatchObject({ code: '23001' });
    // The older ones went before it was refused.
    expect((await tables()).filter((name) => !name.includes('_2016_'))).toEqual(
      before.filter((name) => !name.includes('_2016_')),
    );
    await owner.query(`update check_log_policy set keep_at_least = '1 year'`);
    expect(await retain(new Date().toISOString(), 'P1Y')).toHaveLength(1);
    expect(await tables()).toEqual([]);
  });
  it('nothing goes without a mark of this moment for each place in a chain, nor without a key', async () => {
    await expect(counter.query(`select drop_check_month('2016-10-01')`)).rejects.toMatchObject({ code: '23001' });
    await counter.query(
      `insert into check_retention_mark values ('checks', 'w', 1, 3, 'w', '', '2016-10-01', now(), 'k', '')`,
    );
    await expect(
      counter.query(`select drop_check_month('2016-10-01')`),
      'of another transaction',
    ).rejects.toMatchObject({ code: '23001' });
    await expect(counter.query(`select drop_check_anchors('2017-01-01')`)).rejects.toMatchObject({ code: '23001' });
    await expect(retain('2021-11-01T00:00:00.000+09:00', 'P5Y', { key: undefined })).rejects.toThrow('no anchor key');
    expect(await stored()).toHaveLength(7);
  });
  it('a check that went two ways has a place in both chains, and goes from both', async () => {
    const record = recordOf('{}', { checkedAt: Date.parse('2016-10-15T12:00:00.000+09:00') });
    const store = new CheckStore(counter);
    for (const writer of ['one', 'two']) {
      const chain = new StraightChain({ writer, store, openRow: () => '' });
      await chain.commit([record]);
      await chain.commit([recordOf('{}', { checkedAt: Date.parse('2016-10-15T12:00:01.000+09:00') })]);
    }
    const { rows } = await admin.query('select writer, n::int, check_id from check_twin');
    expect(rows).toEqual([{ writer: 'two-s1', n: 1, check_id: record.checkId }]);
    expect(await verify()).toMatchObject({ ok: true, chains: { records: 11, chains: 3 } });
    await admin.query(`update check_twin set n = 3`);
    expect((await verify()).findings[0]).toMatchObject({ kind: 'missing', writer: 'two-s1', n: 1 });
    await admin.query(`update check_twin set n = 1`);
    await retain('2021-11-01T00:00:00.000+09:00');
    expect(await verify()).toMatchObject({ ok: true, chains: { records: 4, retired: 7 } });
    expect((await admin.query('select from check_twin')).rows).toEqual([]);
  });
  it('by command as by the keeper', async () => {
    const said: string[] = [];
    await retainCheckLog(settings, (line) => said.push(line));
    await retainCheckLog(settings, (line) => said.push(line));
    expect(said).toEqual([
      'Gone, as they were kept for P5Y: 2016-10, 2016-11, 2016-12.',
      'No month is older than CHECK_LOG_RETENTION (P5Y).',
    ]);
  });
  it('holds what docs/operations.md says of it, and nothing more', async () => {
    const { rows } = await admin.query<{ name: string }>(
      `select column_name as name from information_schema.columns where table_name = 'eligibility_check' order by ordinal_position`,
    );
    const text = readFileSync('docs/operations.md', 'utf8');
    const [, section = ''] = text.split('### What a record holds\n');
    const [table = ''] = section.split('\n#');
    const documented = [...table.matchAll(/^\| (.+?) +\|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name),
    );
    expect(new Set(documented)).toEqual(new Set(rows.map(({ name }) => name)));
    expect(documented).toHaveLength(rows.length);
  });
});
