import { ownerRole } from './launcher/database-urls.mjs';
import { prepareEmbedded } from './launcher/database.mjs';
import { messageOf, Problem, runEntry } from './launcher/problem.mjs';

// Makes the service's database and its three roles on a server of one's own, and gives them the passwords that are set:
// once with compose, where npm start does not do it. Doing it again changes passwords and nothing else.
//
//   DATABASE_URL=postgres://postgres:…@host:5432/postgres OWNER_PASSWORD=… COUNTER_PASSWORD=… OFFICE_PASSWORD=… \
//     node scripts/prepare-database.mjs

const database = 'shikaku';

await runEntry(async () => {
  const { DATABASE_URL, OWNER_PASSWORD, COUNTER_PASSWORD, OFFICE_PASSWORD } = process.env;
  const missing = Object.entries({ DATABASE_URL, OWNER_PASSWORD, COUNTER_PASSWORD, OFFICE_PASSWORD })
    .filter(([, value]) => value === undefined || value === '')
    .map(([name]) => name);
  if (missing.length > 0)
    throw new Problem(`Settings refused: ${missing.map((name) => `${name} is missing`).join('; ')}.`);
  if (!URL.canParse(DATABASE_URL ?? '')) throw new Problem('Settings refused: DATABASE_URL is no address.');

  const admin = new URL(DATABASE_URL ?? '');
  try {
    await prepareEmbedded(
      (user, password, inDatabase) => {
        const url = new URL(admin);
        [url.username, url.password, url.pathname] = [user, password, `/${inDatabase}`];
        return url.href;
      },
      {
        superuser: decodeURIComponent(admin.username),
        superuserPassword: decodeURIComponent(admin.password),
        database,
        passwords: { owner: OWNER_PASSWORD ?? '', counter: COUNTER_PASSWORD ?? '', office: OFFICE_PASSWORD ?? '' },
      },
    );
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new Problem(`The roles could not be made: ${messageOf(error)}`);
  }
  process.stdout.write(`The database ${database} of ${ownerRole} is ready for its processes.\n`);
});
