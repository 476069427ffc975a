import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import {
  CSV_HEAD,
  csvOf,
  eachAccess,
  readStaff,
  reviewed,
  shownReview,
  subjectsOf,
} from './launcher/access-review.mjs';
import { databaseUrls } from './launcher/database-urls.mjs';
import { clusterUrl } from './launcher/postgres.mjs';
import { Problem, runEntry } from './launcher/problem.mjs';
import { readRunning } from './launcher/running-copy.mjs';
import { readDataDir } from './launcher/settings.mjs';

const USAGE = `npm run -s access-review -- [--from 2026-11-01] [--to 2026-11-30] [--place <institution code or insurer number>]
  [--open 07:00-20:00] [--closed 2026-11-23, once for each day] [--people 200] [--users 5] [--staff staff.csv] [--json | --csv]`;

const DAY = /^\d{4}-\d\d-\d\d$/;
const TIME = '([01]\\d|2[0-3]):[0-5]\\d';
const HOURS = new RegExp(`^${TIME}-${TIME}$`);
const TOKYO_OFFSET_MS = 9 * 3_600_000;
const DAY_MS = 86_400_000;

/*
 * npm run access-review: who asked about whom, when, from where and why, of the copy that runs, or of the database that DATABASE_URL
 * names (the office's login, which may read all of it). Days and hours are Tokyo's.
 */
await runEntry(async () => {
  const { values } = readArguments();
  const today = new Date(Date.now() + TOKYO_OFFSET_MS);
  const to = day(values.to ?? today.toISOString().slice(0, 10));
  const from = day(values.from ?? new Date(Date.parse(to) - 6 * DAY_MS).toISOString().slice(0, 10));
  if (!HOURS.test(values.open) || (values.json && values.csv)) throw new Problem(USAGE);
  const [opens = '', closes = ''] = values.open.split('-');
  const { dataDir } = readDataDir(process.env);
  const asked = {
    from: new Date(`${from}T00:00:00+09:00`),
    until: new Date(Date.parse(`${to}T00:00:00+09:00`) + DAY_MS),
    place: values.place,
    opens,
    closes,
    closed: (values.closed ?? []).map(day),
    peopleMax: count(values.people),
    usersMax: count(values.users),
    staff:
      values.staff === undefined
        ? []
        : subjectsOf(readStaff(readFileSync(values.staff, 'utf8')), readFileSync(subjectKeyFile(dataDir), 'utf8')),
  };
  const url = databaseUrl(dataDir);
  if (values.csv) {
    process.stdout.write(CSV_HEAD);
    for await (const rows of eachAccess(url, asked)) process.stdout.write(csvOf(rows));
    return;
  }
  const review = await reviewed(url, asked);
  process.stdout.write(values.json ? `${JSON.stringify({ from, to, ...review }, null, 2)}\n` : shownReview(review));
});

function readArguments() {
  try {
    return parseArgs({
      options: {
        from: { type: 'string' },
        to: { type: 'string' },
        place: { type: 'string' },
        open: { type: 'string', default: '07:00-20:00' },
        closed: { type: 'string', multiple: true },
        people: { type: 'string', default: '200' },
        users: { type: 'string', default: '5' },
        staff: { type: 'string' },
        json: { type: 'boolean', default: false },
        csv: { type: 'boolean', default: false },
      },
    });
  } catch {
    throw new Problem(USAGE);
  }
}

/** @param {string} text */
function day(text) {
  const at = new Date(text);
  if (!DAY.test(text) || Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== text) throw new Problem(USAGE);
  return text;
}

/** @param {string} text */
function count(text) {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Problem(USAGE);
  return Number(text);
}

/** @param {string} dataDir */
function subjectKeyFile(dataDir) {
  const { VAULT_SECRETS_DIR: given } = process.env;
  const file = join(given === undefined || given === '' ? join(dataDir, 'vault-secrets') : given, 'subject-key');
  if (!existsSync(file)) throw new Problem(`--staff needs the subject key, and there is none at ${file}.`);
  return file;
}

/** @param {string} dataDir */
function databaseUrl(dataDir) {
  const { DATABASE_URL: given } = process.env;
  if (given !== undefined && given !== '') return given;
  const { database } = readRunning(dataDir);
  if (database === undefined)
    throw new Problem('The copy that runs has a database of its own: set DATABASE_URL to that of its office.');
  const passwords = JSON.parse(readFileSync(join(dataDir, 'secrets/database.json'), 'utf8'));
  return databaseUrls((user, password, name) => clusterUrl(database, user, password, name), 'shikaku', passwords)
    .officeUrl;
}
