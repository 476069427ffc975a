import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { getMetadataArgsStorage } from 'typeorm';

import { entities } from '../../apps/eligibility-api/src/coverage-store/entities/index.js';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const papers = readdirSync(join(root, 'docs/security')).map((name) => `docs/security/${name}`);

/** What runs: no tests, no fixtures. */
const code = ['apps/eligibility-api/src', 'libs/domain/src', 'libs/contracts/src', 'libs/oqs/src'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/\.(spec|fixture)\.ts$/.test(name))
    .map((name) => join(folder, name)),
);
/** Files of what runs in which a pattern is found. */
const having = (pattern: RegExp): string[] =>
  code
    .filter((file) => pattern.test(read(file)))
    .map((file) => file.replace('apps/eligibility-api/src/', ''))
    .toSorted();

describe('docs/security/asvs.md', () => {
  const rows = read('docs/security/asvs.md')
    .split('\n')
    .filter((line) => /^\| V\d/.test(line))
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));
  const met = rows.filter(([, , , status]) => status === 'met');

  it('has a row for many requirements, each once', () => {
    expect(rows.length).toBeGreaterThan(100);
    expect(new Set(rows.map(([, id]) => id)).size).toBe(rows.length);
    expect(new Set(rows.map(([, , , status]) => status))).toEqual(new Set(['deployment', 'met', 'n/a', 'partly']));
  });

  it.each(met.map(([, id, , , test]) => [id as string, test as string]))('%s is met: %s', (_id, test) => {
    const [, file = '', name = ''] = /^`([^`]+\.(?:spec|e2e-spec)\.ts)` "(.+)"$/.exec(test) ?? [];
    expect(existsSync(join(root, file)), file).toBe(true);
    expect(read(file)).toContain(name);
  });

  it('a requirement that is not met names no test as if it were', () => {
    const others = rows.filter(([, , , status]) => status !== 'met');
    expect(others.filter(([, , , , test]) => test !== '').map(([, id]) => id)).toEqual([]);
  });
});

describe('docs/security/retention.md', () => {
  const listed = [...read('docs/security/retention.md').matchAll(/^\| `([a-z_]+)`/gm)].map(([, name]) => name);

  it('docs/security/retention.md has every table, and no other', () => {
    const classes = new Set<unknown>(entities);
    const tables = getMetadataArgsStorage()
      .tables.filter(({ target }) => classes.has(target))
      .map(({ name }) => name);
    expect(tables).toHaveLength(entities.length);
    expect(new Set(listed)).toEqual(new Set(tables));
    expect(listed).toHaveLength(tables.length);
  });

  it.each([
    ['CHECK_LOG_RETENTION', 'P5Y'],
    ['BATCH_KEPT_HOURS', '48'],
    ['RECHECKS_KEPT_DAYS', '400'],
    ['RECHECK_GIVE_UP_HOURS', '168'],
  ])('names %s with its default, %s', (setting, fallback) => {
    expect(read('docs/security/retention.md')).toContain(`\`${setting}\` (${fallback}`);
    expect(read('docs/settings.md')).toContain(`| \`${setting}\` | \`${fallback}\` |`);
  });
});

it.each([...papers, 'SECURITY.md', 'docs/versioning.md'])('every link of %s leads somewhere', (paper) => {
  const links = [...read(paper).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link]) => link as string);
  const dead = links.filter((link) => !existsSync(join(root, dirname(paper), link)));
  expect(dead).toEqual([]);
});

it('every test that a paper names is there', () => {
  for (const paper of [...papers, 'docs/versioning.md'])
    for (const [, file = ''] of read(paper).matchAll(/`((?:test|apps|libs)\/[\w./-]+\.(?:spec|e2e-spec)\.ts)`/g))
      expect(existsSync(join(root, file)), `${paper}: ${file}`).toBe(true);
});

describe('what the code does not do', () => {
  it('the processes that serve start themselves and fallocate, and nothing that a caller names', () => {
    expect(having(/import \{[^}]*\} from 'node:child_process'/)).toEqual([
      'check-log/spare-segments.ts',
      'processes.ts',
    ]);
  });

  it('no regular expression is made of what a caller sent', () => {
    // Of pieces, of routes and of the forms of fields that stand in the code.
    expect(having(/new RegExp\(/)).toEqual([
      'answers/answer-text.ts',
      'http/known-routes.ts',
      'libs/oqs/src/check-leaf.ts',
    ]);
  });

  it('nothing evaluates text as code', () => {
    expect(having(/\beval\(|new Function\(|from 'node:vm'/)).toEqual([]);
  });

  it('no answer redirects', () => {
    expect(having(/\.redirect\(|@Redirect\(|status\(30[1278]\)/)).toEqual([]);
  });

  it('no header of a proxy is believed', () => {
    expect(read('apps/eligibility-api/src/http/create-http-app.ts')).toContain('trustProxy: false');
    expect(having(/x-forwarded|x-real-ip/i)).toEqual([]);
  });

  it('ciphers and hashes are those of the list', () => {
    const used = new Set(
      code.flatMap((file) =>
        [
          ...read(file).matchAll(
            /(?:create(?:Cipher|Decipher)iv|createHmac|createHash|hkdfSync|generateKeyPair(?:Sync)?|\bhash)\(\s*'([^']+)'|const CIPHER = '([^']+)'/g,
          ),
        ].map(([, name, cipher]) => (name ?? cipher) as string),
      ),
    );
    expect([...used].toSorted()).toEqual(['aes-256-gcm', 'ed25519', 'sha256']);
    expect(having(/import \{[^}]*\bscrypt\b/)).toEqual(['access/client-secret.ts']);
  });

  it('what must not be guessed does not come from Math.random', () => {
    // When something is tried again, so that not all do so together.
    expect(having(/Math\.random/)).toEqual([
      'enrollment/enrollment.module.ts',
      'registry/registry-search.module.ts',
      'registry/registry.module.ts',
    ]);
  });

  it('no address holds more of a person than a number of ours', () => {
    const names = ['docs/openapi.json', 'docs/openapi-office.json'].flatMap((document) => {
      const { paths } = JSON.parse(read(document)) as { paths: Record<string, Record<string, any>> };
      return Object.values(paths).flatMap((item) =>
        Object.values(item).flatMap((operation) =>
          ((operation['parameters'] ?? []) as { in: string; name: string }[])
            .filter((parameter) => parameter.in !== 'header')
            .map(({ name }) => name),
        ),
      );
    });
    const OURS = ['batchId', 'checkId', 'enrollmentId', 'importId', 'insuredPersonId', 'qualificationId'];
    const DAYS = ['from', 'to', 'on', 'knownAt', 'issuedOn', 'validTo', 'cursor', 'application'];
    const PARTS_OF_A_LIST = ['limit', 'stage'];
    expect(names.filter((name) => ![...OURS, ...DAYS, ...PARTS_OF_A_LIST].includes(name))).toEqual([]);
  });

  it('TypeScript is strict', () => {
    const { compilerOptions } = JSON.parse(read('tsconfig.json')) as { compilerOptions: Record<string, unknown> };
    expect(compilerOptions).toMatchObject({ strict: true, noUncheckedIndexedAccess: true });
  });
});
