import { setTimeout } from 'node:timers/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Client } from 'pg';

import { renderAnswer } from './answers/answer-text.js';
import { anchorKeyFile, anchorPublicKeysFile, readAnchorKey, readAnchorPublicKeys } from './check-log/anchor-keys.js';
import { Retention } from './check-log/retention.js';
import { parseRetention } from './check-log/retention-period.js';
import { VerifyChains, type Finding, type Verification } from './check-log/verify-chains.js';
import { verifyJournals, type JournalsVerified } from './check-log/verify-journals.js';
import { startOfTokyoDay, systemClock, tokyoInstant } from './clock/clock.js';
import { StoredChains } from './coverage-store/chain-reader.js';
import { StoredRetention } from './coverage-store/retention-store.js';
import { SettingsRefused, type Settings } from './settings/index.js';

/** Exit codes: bad records were found; nothing can be said, as something that is needed is away. */
const FOUND = 1;
const CANNOT_TELL = 2;
const PROGRESS_EVERY_MS = 1_000;
const DAY_MS = 86_400_000;
const CONNECT_MS = 10_000;

interface VerifyOptions {
  readonly from?: number;
  readonly until?: number;
  readonly json: boolean;
  /** Folder of journals to be looked at as well. */
  readonly journal: string | undefined;
  readonly answers: boolean;
}

const USAGE =
  'check-log:verify takes --from and --to (days in Tokyo, such as 2026-11-01), --json, --journal (the local one of DATA_DIR, too) and --no-answers';

const day = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? startOfTokyoDay(text) : Number.NaN;
  if (Number.isNaN(at)) throw new SettingsRefused([`${name} must be a day; ${USAGE}`]);
  return at;
};

const optionsOf = (args: readonly string[], settings: Settings): VerifyOptions => {
  try {
    const { values } = parseArgs({
      args: [...args],
      allowNegative: true,
      options: {
        from: { type: 'string' },
        to: { type: 'string' },
        json: { type: 'boolean', default: false },
        journal: { type: 'boolean', default: false },
        answers: { type: 'boolean', default: true },
      },
    });
    const [from, to] = [day('--from', values.from), day('--to', values.to)];
    return {
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { until: to + DAY_MS }),
      json: values.json,
      journal: values.journal ? join(settings.DATA_DIR, 'journal') : undefined,
      answers: values.answers,
    };
  } catch (error) {
    if (error instanceof SettingsRefused) throw error;
    throw new SettingsRefused([USAGE]);
  }
};

/** What is told of one verification; `--json` prints it. Instants are RFC 3339, of Tokyo. */
interface Report {
  readonly ok: boolean;
  readonly seconds: number;
  readonly recordsPerSecond: number;
  readonly chains: Omit<Verification, 'findings' | 'unanchored'> & {
    readonly unanchored: { readonly records: number; readonly chains: number; readonly since?: string };
  };
  readonly journals?: Omit<JournalsVerified, 'findings'>;
  /** In the order in which they were found, of each chain by number. */
  readonly findings: readonly Finding[];
}

const MEANINGS: Readonly<Record<Finding['kind'], string>> = {
  changed: 'is not what its hash was made of',
  missing: 'is missing',
  inserted: 'does not belong there',
  cut: 'is missing at the end',
  'not-as-anchored': 'is not what was signed',
  'anchor-forged': 'has an anchor whose signature is not good, or of no key that counts',
  'anchor-missing': 'of this chain of anchors is missing or not in its place',
  'after-the-end': 'comes after its writer had ended',
  'head-forged': 'is not what the head of its chain says',
  'answer-changed': 'has a text that does not give the bytes that were given',
  'answer-missing': 'has no text',
  'mark-forged': 'has a mark of retention whose signature is not good',
  unchained: 'is in no chain',
};

const sentence = ({ kind, writer, n, throughN, checkId }: Finding): string => {
  const place = writer === '' ? '' : `writer ${writer}, n ${n}${throughN === undefined ? '' : ` to ${throughN}`}`;
  const check = checkId === undefined ? '' : `${place === '' ? '' : ', '}check ${checkId}`;
  return `${place}${check}: ${kind}, ${throughN === undefined ? 'this record' : 'one or all of these'} ${MEANINGS[kind]}`;
};

const told = ({ ok, seconds, recordsPerSecond, chains, journals, findings }: Report): string[] => {
  const { unanchored, gaps } = chains;
  return [
    `${chains.records} records in ${chains.chains} chains, ${chains.anchors} anchors, ${chains.marks} marks of retention (${chains.retired} records gone) in ${seconds.toFixed(1)} s, ${recordsPerSecond} a second.`,
    ...(journals === undefined
      ? []
      : [`${journals.lines} lines in local journals, ${journals.unshipped} of them not yet shipped.`]),
    ...(chains.unprovable === 0
      ? []
      : [`${chains.unprovable} records from before there were chains: nothing can be said of them.`]),
    ...(unanchored.records === 0
      ? []
      : [
          `${unanchored.records} records in ${unanchored.chains} chains came after the last anchor${unanchored.since === undefined ? '' : ` (since ${unanchored.since})`}: that there were no more of them cannot be proved.`,
        ]),
    ...gaps.map(
      ({ writer, firstN, lastN, seconds: late }) =>
        `Anchored late: writer ${writer}, n ${firstN} to ${lastN}, ${late} s after the first of them.`,
    ),
    ...(ok
      ? ['Everything is as it was recorded.']
      : [
          `First bad record: ${sentence(findings[0] as Finding)}.`,
          ...findings.slice(1).map((finding) => `Also: ${sentence(finding)}.`),
          `${chains.findingsTotal} findings.`,
        ]),
  ];
};

const progressLine = (records: number, total: number, begunAt: number): string => {
  const seconds = (performance.now() - begunAt) / 1000;
  const rate = records / seconds;
  const left = total > records ? `, about ${Math.ceil((total - records) / Math.max(rate, 1))} s left` : '';
  return `${records} of about ${Math.max(total, records)} records, ${Math.round(rate)} a second${left}`;
};

/** Tells how far it is, once a second, to whoever looks on. */
const telling = (total: number, progress: () => number): (() => void) => {
  const begunAt = performance.now();
  const over = new AbortController();
  void (async () => {
    while (!over.signal.aborted) {
      await setTimeout(PROGRESS_EVERY_MS, undefined, { signal: over.signal, ref: false }).catch(() => {});
      if (!over.signal.aborted) process.stderr.write(`${progressLine(progress(), total, begunAt)}\n`);
    }
  })();
  return () => over.abort();
};

/** Verifies, and returns the exit code. */
export const verifyCommand = async (settings: Settings, args: readonly string[]): Promise<number> => {
  try {
    return (await verifyCheckLog(settings, args)).ok ? 0 : FOUND;
  } catch (error) {
    if (error instanceof SettingsRefused) throw error;
    // What a driver says may hold an address.
    const { name, code } = error as { name?: string; code?: string };
    console.error(`The check log could not be verified: ${code ?? name}.`);
    return CANNOT_TELL;
  }
};

/** Removes what has been kept long enough now, and says which months went. */
export const retainCheckLog = async (
  settings: Settings,
  say: (line: string) => void = (line) => console.log(line),
): Promise<void> => {
  const months = await new Retention({
    store: new StoredRetention(settings.DATABASE_URL),
    key: await readAnchorKey(anchorKeyFile(settings)),
    period: parseRetention(settings.CHECK_LOG_RETENTION),
    now: () => systemClock.now(),
  }).run();
  say(
    months.length === 0
      ? `No month is older than CHECK_LOG_RETENTION (${settings.CHECK_LOG_RETENTION}).`
      : `Gone, as they were kept for ${settings.CHECK_LOG_RETENTION}: ${months.map((month) => month.slice(0, 7)).join(', ')}.`,
  );
};

/** Verifies and says what was found. */
export const verifyCheckLog = async (
  settings: Settings,
  args: readonly string[],
  say: (line: string) => void = (line) => console.log(line),
): Promise<Report> => {
  const options = optionsOf(args, settings);
  const keys = await readAnchorPublicKeys(anchorPublicKeysFile(settings));
  // Reading may take hours, and nobody waits for it: no statement of it has a deadline.
  const client = new Client({
    connectionString: settings.DATABASE_URL,
    application_name: 'shikaku-verify',
    connectionTimeoutMillis: CONNECT_MS,
  });
  await client.connect();
  try {
    const reader = new StoredChains(client, options);
    const wholeLog = options.from === undefined && options.until === undefined;
    let records = 0;
    const begunAt = performance.now();
    const stop = telling(wholeLog ? await reader.total() : 0, () => records);
    const { findings, unanchored, ...chains } = await new VerifyChains({
      reader,
      keys,
      wholeLog,
      render: options.answers ? renderAnswer : undefined,
      progress: (count) => (records = count),
    })
      .run()
      .finally(stop);
    const seconds = (performance.now() - begunAt) / 1000;
    const journals = options.journal === undefined ? undefined : await verifyJournals(options.journal, reader);
    const all = [...findings, ...(journals?.findings ?? [])];
    const { since, ...open } = unanchored;
    const report: Report = {
      ok: all.length === 0,
      seconds: Math.round(seconds * 10) / 10,
      recordsPerSecond: Math.round(chains.records / seconds),
      chains: {
        ...chains,
        findingsTotal: chains.findingsTotal + (journals?.findings.length ?? 0),
        unanchored: { ...open, ...(since === undefined ? {} : { since: tokyoInstant(since) }) },
      },
      ...(journals === undefined ? {} : { journals: { lines: journals.lines, unshipped: journals.unshipped } }),
      findings: all,
    };
    for (const line of options.json ? [JSON.stringify(report)] : told(report)) say(line);
    return report;
  } finally {
    await client.end();
  }
};
