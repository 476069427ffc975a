import { readPeopleText } from './launcher/people.mjs';
import { runEntry } from './launcher/problem.mjs';
import { readDataDir } from './launcher/settings.mjs';

// npm run -s people: the scenario people, one JSON a line.
await runEntry(async () => {
  process.stdout.write(readPeopleText(readDataDir(process.env).dataDir));
});
