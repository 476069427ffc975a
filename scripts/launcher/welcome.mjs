import { peopleTable, questionAbout } from './people.mjs';

/**
 * What a newcomer reads when the service answers: where it is, whom to ask about, and a command to paste.
 *
 * @param {import('./settings.mjs').LauncherSettings} settings
 * @param {{ url: string, officeUrl: string, jlisUrl: string }} urls
 * @param {import('./people.mjs').Person[]} people
 */
export function welcome(settings, { url, officeUrl, jlisUrl }, people) {
  const folder = settings.isDefaultDataDir ? '' : `DATA_DIR=${shellQuoted(settings.dataDir)} `;
  const first = people.find(({ certificateSerial }) => certificateSerial !== undefined) ?? people[0];
  const lines = [
    '',
    'Scenario people:',
    ...peopleTable(people).map((line) => `  ${line}`),
    '',
    `  Check-in   ${url}`,
    `  Docs       ${url}/docs`,
    `  Office     ${officeUrl}`,
    `  Registry   ${jlisUrl}${settings.jlisUrl === undefined ? '  (mock-jlis)' : ''}`,
    `  Data       ${settings.dataDir}`,
    '',
  ];
  if (first !== undefined) {
    lines.push(
      `Ask about ${first.id} from another terminal, in this folder:`,
      '',
      `  curl -s ${url}/v1/eligibility-checks \\`,
      `    -H "Authorization: Bearer $(${folder}npm run -s token -- --client demo-clinic)" \\`,
      `    -H 'Content-Type: application/json' \\`,
      `    -d ${shellQuoted(JSON.stringify(questionAbout(first)))}`,
      '',
      '',
    );
  }
  return lines.join('\n');
}

/** @param {string} text */
function shellQuoted(text) {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
