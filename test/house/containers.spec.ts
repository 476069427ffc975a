import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';

import { settingsSchema } from '../../apps/eligibility-api/src/settings/index.js';
import { readSettings as readMockSettings } from '../../apps/mock-jlis/src/settings/settings.js';

// No container engine is here to run these files, so they are held against what they name.

const checkout = resolve(import.meta.dirname, '../..');
const read = (name: string): string => readFileSync(join(checkout, name), 'utf8');

interface Service {
  image: string;
  user?: string;
  command?: string[];
  environment?: Record<string, string | number>;
  ports?: string[];
  volumes?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test?: string[]; disable?: boolean };
  profiles?: string[];
}

const compose = parse(read('docker-compose.yml'), { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
  configs: Record<string, { content: string }>;
};
const services = Object.entries(compose.services);
const dockerfile = read('Dockerfile');

/** Every variable that a program looks up when it reads its settings. */
function namesReadBy(readSettings: (env: Record<string, string | undefined>) => unknown): Set<string> {
  const names = new Set<string>();
  const recorder = new Proxy<Record<string, string | undefined>>(
    {},
    {
      get: (_target, name) => {
        names.add(String(name));
        return undefined;
      },
    },
  );
  readSettings(recorder);
  return names;
}

const roleSettings = [...read('scripts/prepare-database.mjs').matchAll(/\b[A-Z]+_(?:URL|PASSWORD)\b/g)].map(
  ([name]) => name,
);
const settingsOf: Record<string, ReadonlySet<string>> = {
  'dist/apps/eligibility-api/src/main.js': new Set(Object.keys(settingsSchema.shape)),
  'dist/apps/mock-jlis/src/main.js': namesReadBy(readMockSettings),
  'scripts/prepare-database.mjs': new Set(roleSettings),
};

const ours = services.filter(([, { image }]) => image === 'shikaku');

describe('docker-compose.yml', () => {
  it('runs the two processes, the registry, the one-shot steps and PostgreSQL', () => {
    expect(Object.keys(compose.services)).toEqual([
      'postgres',
      'roles',
      'migrate',
      'mock-jlis',
      'counter',
      'office',
      'prometheus',
    ]);
    expect(services.filter(([, { profiles }]) => profiles !== undefined).map(([name]) => name)).toEqual(['prometheus']);
  });

  it.each(ours)('%s is given only settings that its program reads', (_name, { command, environment }) => {
    const known = settingsOf[command?.[1] ?? ''];
    expect(Object.keys(environment ?? {}).filter((name) => known?.has(name) !== true)).toEqual([]);
  });

  it.each(ours)('%s runs a program that exists, under a command it has', (_name, { command = [] }) => {
    const [program, file = '', subcommand] = command;
    expect(program).toBe('node');
    expect(existsSync(join(checkout, file.replace(/^dist\/(.*)\.js$/, '$1.ts')))).toBe(true);
    const commands = [...read('apps/eligibility-api/src/main.ts').matchAll(/^ {2}(\w+): async \(settings\) =>/gm)].map(
      ([, command]) => command,
    );
    expect(commands).toContain(subcommand ?? commands[0]);
  });

  const portOf = ({ environment = {} }: Service): string | undefined =>
    ['PORT', 'OFFICE_PORT', 'MOCK_JLIS_PORT']
      .map((name) => environment[name])
      .find((port) => port !== undefined)
      ?.toString();

  it.each(ours.filter(([, service]) => portOf(service) !== undefined))(
    '%s has a health check on its port',
    (_name, service) => {
      const port = portOf(service);
      expect(service.healthcheck?.test).toEqual(['CMD', 'node', 'scripts/healthcheck.mjs', port]);
      expect((service.ports ?? []).filter((published) => published !== `127.0.0.1:${port}:${port}`)).toEqual([]);
    },
  );

  it.each(ours.filter(([, service]) => portOf(service) === undefined))('%s ends by itself', (_name, service) => {
    expect(service.healthcheck).toEqual({ disable: true });
  });

  it.each(services)('%s is pinned at least by major version, and is not root', (_name, { image, user }) => {
    expect(image).toMatch(/^(shikaku$|[\w/]+:v?\d+)/);
    expect(user).toMatch(/^(node|postgres|nobody)$/);
  });

  it('lets each wait for what it needs, and for no one-shot step to be healthy', () => {
    const waits = services.flatMap(([name, { depends_on: needs = {} }]) =>
      Object.entries(needs).map(([needed, { condition }]) => ({ name, needed, condition })),
    );
    const wrong = waits.filter(({ needed, condition }) => {
      const endsByItself = compose.services[needed]?.healthcheck?.disable === true;
      return condition !== (endsByItself ? 'service_completed_successfully' : 'service_healthy');
    });
    expect(waits).not.toEqual([]);
    expect(wrong).toEqual([]);
  });

  it('connects each process as the role that its passwords were made for', () => {
    const users = Object.fromEntries(
      ours.flatMap(([name, { environment }]) => {
        const url = environment?.['DATABASE_URL'];
        return url === undefined
          ? []
          : [[name, /^postgres:\/\/(\w+):\$\{(\w+)\}@postgres:5432\/(\w+)$/.exec(String(url))?.slice(1)]];
      }),
    );
    expect(users).toEqual({
      roles: ['postgres', 'POSTGRES_PASSWORD', 'postgres'],
      migrate: ['shikaku_owner', 'OWNER_PASSWORD', 'shikaku'],
      counter: ['shikaku_counter_login', 'COUNTER_PASSWORD', 'shikaku'],
      office: ['shikaku_office_login', 'OFFICE_PASSWORD', 'shikaku'],
    });
  });

  it('holds no password, and lets only the preparation write keys', () => {
    const environments = services.flatMap(([, { environment }]) => Object.entries(environment ?? {}));
    const passwords = environments.filter(([name]) => name.endsWith('_PASSWORD'));
    expect(passwords.map(([name]) => name)).toEqual([
      ...new Set(['POSTGRES_PASSWORD', ...roleSettings.filter((name) => name.endsWith('_PASSWORD'))]),
    ]);
    expect(passwords.filter(([, value]) => !/^\$\{\w+:\?.*\}$/s.test(String(value)))).toEqual([]);
    const writers = services.filter(([, { volumes }]) => volumes?.includes('secrets:/secrets')).map(([name]) => name);
    expect(writers).toEqual(['migrate']);
  });

  it("gives the vault's keys to the office, which reads them, to the preparation, and to nobody else", () => {
    const holders = services.flatMap(([name, { volumes = [], environment = {} }]) => {
      const mounts = volumes.filter((mount) => mount.startsWith('vault-secrets:'));
      return mounts.length === 0 && environment['VAULT_SECRETS_DIR'] === undefined ? [] : [[name, ...mounts]];
    });
    expect(holders).toEqual([
      ['migrate', 'vault-secrets:/vault-secrets'],
      ['office', 'vault-secrets:/vault-secrets:ro'],
    ]);
  });

  it('declares every volume it mounts, and scrapes processes that are there', () => {
    const mounted = services.flatMap(([, { volumes }]) => (volumes ?? []).map((mount) => mount.split(':')[0]));
    expect(new Set(mounted)).toEqual(new Set(Object.keys(compose.volumes)));
    const targets = [...(compose.configs['prometheus']?.content.matchAll(/'(\S+):(\d+)'/g) ?? [])];
    expect(targets.map(([, name, port]) => [name, port])).toEqual([
      ['counter', '3000'],
      ['office', '3001'],
    ]);
  });
});

describe('the Dockerfile', () => {
  const stages = dockerfile.split(/^(?=FROM )/m).slice(1);
  const last = stages.at(-1) ?? '';

  it('builds in one stage and runs in another, on the same Node', () => {
    expect(stages.map((stage) => /^FROM (\S+)/.exec(stage)?.[1])).toEqual(['node:26-slim', 'node:26-slim']);
  });

  it('leaves the development packages and the install scripts out', () => {
    expect(dockerfile).toMatch(/npm prune --omit=dev/);
    expect(
      [...dockerfile.matchAll(/npm (?:ci|prune|install)[^&\n]*/g)].every(([line]) => line.includes('--ignore-scripts')),
    ).toBe(true);
  });

  it('ends as a user without rights, with a health check and settings that exist', () => {
    expect([...last.matchAll(/^USER (\w+)$/gm)].at(-1)?.[1]).toBe('node');
    expect(last).toMatch(/^HEALTHCHECK .*scripts\/healthcheck\.mjs/m);
    const settings = [...(/ENV ([\s\S]*?[^\\])\n/.exec(last)?.[1] ?? '').matchAll(/(?:^|\s)(\w+)=/g)].map(
      ([, name]) => name ?? '',
    );
    expect(settings.filter((name) => !/^NODE_(ENV|OPTIONS)$/.test(name) && !(name in settingsSchema.shape))).toEqual(
      [],
    );
    expect(settings).not.toEqual([]);
  });

  it('copies only what exists and what .dockerignore lets through', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+)$/gm)].flatMap(([, paths]) =>
      (paths ?? '').split(' ').slice(0, -1),
    );
    const allowed = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    expect(copied.filter((path) => !existsSync(join(checkout, path)))).toEqual([]);
    expect(copied.filter((path) => !allowed.includes(path))).toEqual([]);
    // The scripts must find what they import inside the image.
    const missing = copied
      .filter((path) => path.endsWith('.mjs'))
      .flatMap((script) => {
        const imports = [...read(script).matchAll(/from '(\.[^']+)'/g)].map(([, path]) =>
          join(script, '..', path ?? ''),
        );
        return imports.filter((path) => !copied.includes(path));
      });
    expect(missing).toEqual([]);
  });
});
