import { World } from './support/world.js';

/** PLANNED_TABLES decides whether a check may answer from a table that is not law yet. */
describe.each([
  ['off', {}],
  ['on', { PLANNED_TABLES: 'on' }],
] as const)('with planned tables %s', (state, settings) => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ name: `planned_${state}`, settings });
  });
  afterAll(() => world.close());

  const limitOn = async (serviceDate: string) => {
    const { body } = await world.ask('low-income-ii', { serviceDate });
    const notices = (body['notices'] as { code: string }[]).map(({ code }) => code);
    return { ...body['results'][0].costLimit, notices: notices.filter((code) => code.startsWith('cost-limit')) };
  };

  it('a check of a month before is answered by the table in force', async () => {
    expect(await limitOn('2027-07-31')).toMatchObject({ tableEffectiveFrom: '2026-08', notices: [] });
  });

  it('a check of a month of the planned table says which table it is', async () => {
    expect(await limitOn('2027-08-01')).toMatchObject(
      state === 'off'
        ? { tableEffectiveFrom: '2026-08', notices: ['cost-limit-change-planned'] }
        : { tableEffectiveFrom: '2027-08', outpatientYen: 13_000, notices: ['cost-limit-by-planned-table'] },
    );
  });

  it('a calculator gives both, and says which is which', async () => {
    const { body } = await world.call('POST', '/v1/cost-limit-calculations', {
      body: {
        rule: 'kogaku-over70',
        input: { treatmentMonth: '2027-08', category: '低所得II', totalCostYen: 1 },
      },
    });
    expect(body).toMatchObject({
      tableEffectiveFrom: '2026-08',
      status: 'in-force',
      planned: { tableEffectiveFrom: '2027-08', status: 'planned', outpatientLimitYen: 13_000 },
    });
  });
});
