// Stands in for the built API where the launcher itself is tested: it keeps the launcher's side of the bargain (the
// commands, the ready message, ending with its parent) and does nothing else.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

import { Client } from 'pg';

const [, , command] = process.argv;
const { DATABASE_URL, DATA_DIR, SECRETS_DIR, VAULT_SECRETS_DIR, JLIS_URL, HOST, PORT, OFFICE_PORT } = process.env;

async function ask(text) {
  const client = new Client({ connectionString: DATABASE_URL });
  client.on('error', (error) => console.error(error.message));
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

if (command === 'prepare') {
  await ask('CREATE TABLE IF NOT EXISTS kept (id int); GRANT SELECT ON kept TO shikaku_counter');
  await fetch(JLIS_URL);
  mkdirSync(SECRETS_DIR, { recursive: true });
  writeFileSync(join(SECRETS_DIR, 'demo-clients.json'), JSON.stringify({ 'demo-clinic': 'open sesame' }));
  mkdirSync(VAULT_SECRETS_DIR, { recursive: true });
  writeFileSync(join(VAULT_SECRETS_DIR, 'vault-keys.json'), '{}');
  writeFileSync(join(VAULT_SECRETS_DIR, 'subject-key'), '');
  const person = { id: 'employee', story: '3割 and ウ', certificateSerial: '00AB', expected: {} };
  writeFileSync(join(DATA_DIR, 'people.ndjson'), `${JSON.stringify(person)}\n`);
} else {
  process.once('disconnect', () => process.exit());
  const server = createServer((request, response) => {
    if (request.url === '/crash') process.exit(7);
    if (request.url === '/who') {
      ask('SELECT current_user AS role, (SELECT count(*)::int FROM kept) AS kept').then(
        ([row]) => response.end(JSON.stringify(row)),
        (error) => response.writeHead(503).end(error.message),
      );
      return;
    }
    if (request.url === '/vault') {
      response.end(VAULT_SECRETS_DIR ?? 'not told');
      return;
    }
    if (request.url === '/oauth/token') {
      response.end(JSON.stringify({ access_token: request.headers.authorization.replace('Basic ', 'token-for-') }));
      return;
    }
    response.end();
  });
  server.listen(Number(command === 'counter' ? PORT : OFFICE_PORT), HOST, () => process.send({ ready: true }));
}
