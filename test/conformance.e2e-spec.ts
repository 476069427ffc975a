import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

import {
  answeredWithin,
  counted,
  figuresOf,
  lastWeeks,
  recorded,
  samplesOf,
  served,
  starts,
} from '../scripts/launcher/conformance.mjs';
import { withClient } from '../scripts/launcher/database.mjs';
import { World } from './support/world.js';

const METRICS = `
# TYPE shikaku_eligibility_check_duration_seconds histogram
shikaku_eligibility_check_duration_seconds_bucket{le="0.3",source="replica"} 970
shikaku_eligibility_check_duration_seconds_bucket{le="20",source="replica"} 1000
shikaku_eligibility_check_duration_seconds_bucket{le="+Inf",source="replica"} 1000
shikaku_eligibility_check_duration_seconds_count{source="replica"} 1000
shikaku_eligibility_check_duration_seconds_bucket{le="0.3",source="registry"} 5
shikaku_eligibility_check_duration_seconds_bucket{le="20",source="registry"} 9
shikaku_eligibility_check_duration_seconds_count{source="registry"} 10
shikaku_http_replies_total{method="POST",route="/v1/eligibility-checks",status="200"} 990
shikaku_http_replies_total{method="POST",route="/v1/eligibility-checks",status="422"} 5
shikaku_http_replies_total{method="POST",route="/v1/eligibility-checks",status="503"} 5
shikaku_http_replies_total{method="GET",route="/v1/eligibility-checks",status="503"} 77
process_start_time_seconds 1795305600
`;

describe('D-01: the conformance report', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ name: 'conformance' });
  });
  afterAll(() => world.close());

  it('shares are of all sources, and a bound is in', () => {
    const samples = samplesOf(METRICS);
    expect(answeredWithin(samples, 0.3)).toEqual({ within: 975, all: 1010 });
    expect(answeredWithin(samples, 20)).toEqual({ within: 1009, all: 1010 });
  });

  it('availability counts checks alone; what the caller did wrong is no failure of ours', () => {
    expect(served(samplesOf(METRICS))).toEqual({ served: 995, all: 1000 });
  });

  it.each([
    ['none', [], 0],
    ['two within two minutes', ['09:00:00', '09:02:00'], 1],
    ['two a second further apart', ['09:00:00', '09:02:01'], 2],
    ['a rolling restart of three', ['09:00:00', '09:01:30', '09:03:00'], 1],
  ])('starts: %s', (_what, times, expected) => {
    expect(starts(times.map((time) => ({ first: new Date(`2026-11-22T${time}Z`) })))).toBe(expected);
  });

  /** A check in the moment after a leap would be told as of before it, which is a degraded one on record. */
  async function moveTo(now: string): Promise<void> {
    await world.moveTo(now);
    await world.caughtUp();
  }

  it('from the record: checks a week, degraded ones, silences with the checks around them, who wrote', async () => {
    const first = await world.ask('employee-30-u');
    await moveTo('2026-11-22T09:05:00.000+09:00');
    const second = await world.ask('employee-30-u');
    await moveTo('2026-11-22T09:10:00.001+09:00');
    const third = await world.ask('employee-30-u');
    await moveTo('2026-11-23T00:00:00.000+09:00');
    await world.ask('employee-30-u');
    await world.shipped();
    const span = lastWeeks(2, new Date('2026-11-24T00:00:00.000+09:00'));
    const record = await recorded(world.database.counterUrl, span);
    // Sunday and Monday in Tokyo; in UTC both are Sunday.
    expect(record.weeks.map(({ week, checks }) => [week, checks])).toEqual([
      ['2026-11-16', 3],
      ['2026-11-23', 1],
    ]);
    expect(record.silences.map(({ after, untilCheck }) => [after, untilCheck])).toEqual([
      [third.body['checkId'], expect.any(String)],
      [second.body['checkId'], third.body['checkId']],
    ]);
    expect(record.silences.map(({ after }) => after)).not.toContain(first.body['checkId']);
    expect(record.writers).toHaveLength(1);
    expect((await recorded(world.database.counterUrl, lastWeeks(1, new Date('2026-11-01')))).weeks).toEqual([]);
  });

  it('npm run report:conformance tells them', async () => {
    const script = resolve(import.meta.dirname, '../scripts/conformance.mjs');
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [script, '--json', '--weeks', '520', '--metrics', `${world.url}/metrics`],
      { env: { ...process.env, DATABASE_URL: world.database.counterUrl } },
    );
    const { figures, metrics } = JSON.parse(stdout) as {
      figures: { what: string; value: string }[];
      metrics: string[];
    };
    expect(metrics).toEqual([`${world.url}/metrics`]);
    expect(figures[0]).toMatchObject({ what: 'checks answered within 0.3 s', value: '100.000 % (4 of 4)' });
  });

  it('every figure of the running counter says where it is from, and can be looked up there', async () => {
    const samples = await counted(`${world.url}/metrics`);
    const span = lastWeeks(2, new Date('2026-11-24T00:00:00.000+09:00'));
    const figures = figuresOf(await recorded(world.database.counterUrl, span), samples, span);
    expect(figures.map(({ value }) => value)).toEqual(
      expect.arrayContaining(['100.000 % (4 of 4)', '3, 0.000 % (0 of 3)', '1, by 1 processes']),
    );
    for (const { from } of figures) expect(from).toMatch(/^\/metrics, since |^eligibility_check/);
    const writer = figures.find(({ from }) => from.startsWith('eligibility_check.writer: '))?.from.split(': ')[1];
    const { rows } = await withClient(world.database.adminUrl, (db) =>
      db.query('select distinct writer from eligibility_check'),
    );
    expect(rows).toEqual([{ writer }]);
  });
});
