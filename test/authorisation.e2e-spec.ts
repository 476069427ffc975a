import { readFile } from 'node:fs/promises';

import type { OpenAPIObject } from '@nestjs/swagger';
import { SignJWT } from 'jose';
import { randomUUID } from 'node:crypto';

import { scopesOfKind } from '../apps/eligibility-api/src/access/caller.js';
import { ClientDirectory } from '../apps/eligibility-api/src/access/clients.js';
import { readSigningKey } from '../apps/eligibility-api/src/access/signing-key.js';
import { insurers } from '../apps/eligibility-api/src/demo/numbers.js';
import type { HttpApp } from '../apps/eligibility-api/src/http/create-http-app.js';
import { withClient } from '../scripts/launcher/database.mjs';
import { World, type Reply } from './support/world.js';

/** Whose a thing is: two institutions and two insurers own one of each kind; of the third nobody has ever heard. */
type Thing = 'first' | 'second' | 'random';
const THINGS: readonly Thing[] = ['first', 'second', 'random'];

/** `first` and `second` are those who own the first and the second thing, where it is one of theirs. */
const ROLES = {
  nobody: undefined,
  'first clinic': 'demo-clinic',
  'second clinic': 'demo-clinic-2',
  pharmacy: 'demo-pharmacy',
  'first insurer': 'demo-insurer',
  'second insurer': 'second-insurer',
  operator: 'demo-operator',
} as const;
type Role = keyof typeof ROLES;
/** Of somebody with a good card, who has never been with another insurer. */
const THEIRS = `lost_on is null and status = 'good' and not exists (
  select from qualification other where other.person_id = q.person_id and other.insurer_number <> q.insurer_number)`;

/** What the second of a kind is answered, where the first is answered this. */
const swapped = (answer: string): string => {
  const [first = '', second, ...rest] = answer.split(' ');
  return second === undefined ? first : [second, first, ...rest].join(' ');
};

/**
 * A row of `authorisation.json`: what each role is answered, a status or the code of a problem; three of them, about the first thing, the
 * second and a random one, where the address names a thing.
 */
interface Row {
  /** What is sent, where something has to be. */
  readonly body?: unknown;
  readonly contentType?: string;
  readonly answers: Readonly<Record<Role, string>>;
}

describe('S-04 who may do what, to whose', () => {
  let world: World;
  let office: HttpApp & { url: string };
  let table: Readonly<Record<string, Row>>;
  let tokens: Partial<Record<Role, string>>;
  /** By the name of the parameter in the address. */
  let things: Readonly<Record<string, Readonly<Record<Thing, string>>>>;

  const operationsOf = ({ paths }: OpenAPIObject): string[] =>
    Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item as object).map((method) => `${method.toUpperCase()} ${path}`),
    );
  const send = (operation: string, role: Role, thing: Thing): Promise<Reply> => {
    const [method = '', path = ''] = operation.split(' ');
    const { body, contentType = 'application/json' } = table[operation] as Row;
    const token = tokens[role];
    return world.call(
      method,
      path.replaceAll(/\{(\w+)\}/g, (_braces, name: string) => things[name]?.[thing] as string),
      {
        client: null,
        at: isOffice(operation) ? office.url : world.url,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': contentType }),
        },
        body,
      },
    );
  };
  const idAt = (column: string, insurer: string): Promise<string> =>
    withClient(world.database.adminUrl, async (db) => {
      const { rows } = await db.query<{ id: string }>(
        `select q.${column} as id from qualification q join credential using (person_id) where insurer_number = $1 and ${THEIRS}
         order by qualification_id limit 1`,
        [insurer],
      );
      expect(rows, `somebody who has only ever been with ${insurer}`).toHaveLength(1);
      return rows[0]?.id as string;
    });
  const isOffice = (operation: string): boolean => !operationsOf(world.counter.document).includes(operation);
  const shown = ({ status, body }: Reply): string => (body['code'] as string | undefined) ?? String(status);

  beforeAll(async () => {
    table = JSON.parse(await readFile(new URL('./authorisation.json', import.meta.url), 'utf8')) as typeof table;
    world = await World.start({ name: 'authorisation', settings: { CLIENT_QUOTA_REQUESTS: '1000000' } });
    await world.faults({ 'person-searches': { mode: 'reset' } });
    office = await world.office();
    const { rows: others } = await withClient(world.database.ownerUrl, (db) =>
      db.query<{ number: string }>(
        `select insurer_number as number from qualification q join credential using (person_id)
         where insurer_number <> $1 and ${THEIRS} group by 1 order by insurer_number like '0_______' desc, count(*) desc, 1 limit 1`,
        [insurers.society.insurerNumber],
      ),
    );
    const secondInsurer = others[0]?.number as string;
    await withClient(world.database.ownerUrl, (db) =>
      db.query(
        `insert into client (client_id, kind, jwks, scopes, insurer_number) select 'second-insurer', kind, '{"keys":[]}', scopes, $1
         from client where client_id = 'demo-insurer'`,
        [secondInsurer],
      ),
    );
    for (const { app } of [world.counter, office]) await app.get(ClientDirectory).refresh();
    const { privateKey, keyId } = await readSigningKey(world.settings.SECRETS_DIR);
    const now = Math.floor(world.clock.now() / 1000);
    const tokenOfSecond = await new SignJWT({
      client_id: 'second-insurer',
      scope: scopesOfKind.insurer.join(' '),
      insurer_number: secondInsurer,
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: keyId })
      .setIssuer(world.settings.OAUTH_ISSUER)
      .setSubject('second-insurer')
      .setAudience(world.settings.OAUTH_AUDIENCE)
      .setJti(randomUUID())
      .setIssuedAt(now)
      .setExpirationTime(now + 600)
      .sign(privateKey);
    tokens = Object.fromEntries(
      await Promise.all(
        Object.entries(ROLES).map(async ([role, client]) => [
          role,
          client === undefined ? undefined : client === 'second-insurer' ? tokenOfSecond : await world.token(client),
        ]),
      ),
    ) as typeof tokens;

    const made = async (operation: string, role: Role, member: string): Promise<string> => {
      const { body } = await send(operation, role, 'random');
      expect(body[member], `${operation} as ${role}: ${JSON.stringify(body)}`).toBeDefined();
      return body[member] as string;
    };
    const ofBoth = async (operation: string, roles: readonly [Role, Role], member: string) => ({
      first: await made(operation, roles[0], member),
      second: await made(operation, roles[1], member),
      random: randomUUID().replace(/-4/, '-7'),
    });
    const idsOf = async (column: string): Promise<Record<Thing, string>> => ({
      first: await idAt(column, insurers.society.insurerNumber),
      second: await idAt(column, secondInsurer),
      random: '999999999',
    });
    const clinics = ['first clinic', 'second clinic'] as const;
    const insurance = ['first insurer', 'second insurer'] as const;
    things = {
      checkId: await ofBoth('POST /v1/eligibility-checks', clinics, 'checkId'),
      batchId: await ofBoth('POST /v1/eligibility-batches', clinics, 'batchId'),
      enrollmentId: await ofBoth('POST /v1/enrollments', insurance, 'enrollmentId'),
      importId: await ofBoth('POST /v1/enrollment-imports', insurance, 'importId'),
      qualificationId: await idsOf('qualification_id'),
      insuredPersonId: await idsOf('person_id'),
    };
  });
  afterAll(async () => {
    await office.app.close();
    await world.close();
  });

  it('the table has a row for every operation there is, and for no other', () => {
    const operations = [world.counter, office].flatMap(({ document }) => operationsOf(document));
    expect(Object.keys(table).toSorted()).toEqual([...new Set(operations)].toSorted());
    for (const [operation, { answers }] of Object.entries(table)) {
      expect(Object.keys(answers), operation).toEqual(Object.keys(ROLES));
      for (const answer of Object.values(answers))
        expect(answer.split(' '), operation).toHaveLength(operation.includes('{') ? THINGS.length : 1);
    }
  });

  it('every role is answered as the table has it', async () => {
    const found: Record<string, Record<string, string>> = {};
    const expected: typeof found = {};
    let cells = 0;
    for (const [operation, { answers }] of Object.entries(table)) {
      const answered: Record<string, string> = {};
      for (const role of Object.keys(ROLES) as Role[]) {
        const about = operation.includes('{') ? THINGS : (['random'] as const);
        const replies: string[] = [];
        for (const thing of about) replies.push(shown(await send(operation, role, thing)));
        cells += replies.length;
        answered[role] = replies.join(' ');
      }
      found[operation] = answered;
      expected[operation] = { ...answers };
    }
    expect(found).toEqual(expected);
    expect(cells).toBeGreaterThan(400);
  });

  it('and the table itself is sound: nobody gets in without a token, and two of one kind are let in alike', () => {
    const documents = [world.counter, office].map(({ document }) => document);
    for (const [operation, { answers }] of Object.entries(table)) {
      const [method = '', path = ''] = operation.split(' ');
      const [described] = documents.flatMap(({ paths }) => {
        const item = paths[path] as Record<string, { security?: unknown[] }> | undefined;
        return item?.[method.toLowerCase()] ?? [];
      });
      // Open to all, or with credentials of its own.
      if (described?.security !== undefined) continue;
      expect(new Set(answers.nobody.split(' ')), operation).toEqual(new Set(['token-missing']));
      expect(answers['second clinic'], operation).toBe(swapped(answers['first clinic']));
      expect(answers['second insurer'], operation).toBe(swapped(answers['first insurer']));
      expect(
        Object.values(answers).some((answer) => answer.includes('scope-missing')),
        operation,
      ).toBe(true);
    }
  });

  it('what is somebody else’s is refused to the byte as what is not there', async () => {
    let compared = 0;
    for (const [operation, { answers }] of Object.entries(table)) {
      for (const role of Object.keys(ROLES) as Role[]) {
        const [first, second, random] = answers[role].split(' ');
        if (random === undefined || !random.endsWith('-not-found')) continue;
        const foreign = THINGS.filter((thing, i) => [first, second][i] === random);
        const unknown = await send(operation, role, 'random');
        for (const thing of foreign) {
          const theirs = await send(operation, role, thing);
          const plain = (reply: Reply) => ({
            status: reply.status,
            text: reply.text.replace(/urn:uuid:[0-9a-f-]{36}/, 'urn:uuid'),
            headers: Object.fromEntries([...reply.headers].filter(([name]) => name !== 'date')),
          });
          expect(plain(theirs), `${operation} as ${role}`).toEqual(plain(unknown));
          compared += 1;
        }
      }
    }
    expect(compared).toBeGreaterThan(20);
  });

  it('a wrong birthdate and an unknown number are answered alike, but for what was asked', async () => {
    const insured = world.people.find(({ insured: by }) => by !== undefined)?.insured;
    const ask = (more: object) => world.check({ insured: { ...insured, ...more } });
    const wrongBirthdate = await ask({ birthdate: '1999-09-09' });
    const unknownNumber = await ask({ insuredIdentificationNumber: '99999999' });
    const plain = ({ status, text, headers }: Reply) => ({
      status,
      text: text.replace(/"checkId":"[^"]+"/, '"checkId"'),
      headers: Object.fromEntries([...headers].filter(([name]) => name !== 'date')),
    });
    expect(wrongBirthdate.body['verdict']).toBe('not-found');
    expect(plain(wrongBirthdate)).toEqual(plain(unknownNumber));
  });
});
