import type { HttpApp } from '../apps/eligibility-api/src/http/create-http-app.js';
import { degradedMarkdown, envExample, errorsMarkdown, settingsTable } from './support/documents.js';
import { World } from './support/world.js';

type Json = Record<string, any>;

const properties = (document: Json): [string, Json][] =>
  Object.entries(document['components'].schemas as Json).flatMap(([name, schema]) =>
    Object.entries((schema.properties ?? {}) as Json).map(([property, described]): [string, Json] => [
      `${name}.${property}`,
      described as Json,
    ]),
  );

const operations = (document: Json): [string, Json][] =>
  Object.entries(document['paths'] as Json).flatMap(([path, item]) =>
    Object.entries(item as Json).map(([method, operation]): [string, Json] => [`${method} ${path}`, operation as Json]),
  );

const documentOf = (app: HttpApp): Json => ({ ...app.document });

/** `npm run documents` writes these files anew. */
describe('the documents are those of the code', () => {
  let world: World;
  let office: HttpApp;
  beforeAll(async () => {
    world = await World.start({ name: 'documents', population: 0 });
    office = await world.office();
  });
  afterAll(async () => {
    await office.app.close();
    await world.close();
  });

  it('docs/openapi.json', async () => {
    await expect(`${JSON.stringify(world.counter.document, null, 2)}\n`).toMatchFileSnapshot('../docs/openapi.json');
  });

  it('docs/openapi-office.json', async () => {
    await expect(`${JSON.stringify(office.document, null, 2)}\n`).toMatchFileSnapshot('../docs/openapi-office.json');
  });

  it('docs/errors.md', async () => {
    await expect(errorsMarkdown()).toMatchFileSnapshot('../docs/errors.md');
  });

  it('docs/degraded.md', async () => {
    await expect(degradedMarkdown()).toMatchFileSnapshot('../docs/degraded.md');
  });

  it('.env.example', async () => {
    await expect(envExample()).toMatchFileSnapshot('../.env.example');
  });

  it('docs/settings.md', async () => {
    await expect(
      `# Settings\n\nGenerated from \`apps/eligibility-api/src/settings/schema.ts\`. Units are the last part of a name.\n\n${settingsTable()}\n`,
    ).toMatchFileSnapshot('../docs/settings.md');
  });

  const both = (): Json[] => [documentOf(world.counter), documentOf(office)];

  it('every field is described, with an example where it holds a value', () => {
    const missing = both()
      .flatMap(properties)
      .flatMap(([name, field]) => {
        const isValue = !('$ref' in field || 'allOf' in field || 'items' in field);
        return [
          ...(isValue && field['description'] === undefined ? [`${name}: description`] : []),
          ...(isValue && field['example'] === undefined ? [`${name}: example`] : []),
        ];
      });
    expect(missing).toEqual([]);
  });

  it('every operation says what it does and which problems it can reply with', () => {
    for (const [name, operation] of both().flatMap(operations)) {
      expect(operation['summary'], name).toBeTypeOf('string');
      const open = name.includes('/health/') || name.includes('/oauth/');
      if (!open)
        expect(Object.keys(operation['responses']), name).toEqual(expect.arrayContaining(['401', '403', '500']));
    }
  });

  it('the document that is served is the one that is compared', async () => {
    const served = await world.call('GET', '/docs/openapi.json', { client: null });
    expect(served.body).toEqual(JSON.parse(JSON.stringify(world.counter.document)));
    expect((await world.call('GET', '/docs', { client: null })).text).toContain('swagger-ui');
  });
});
