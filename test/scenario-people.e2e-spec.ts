import { questionOf, World } from './support/world.js';

describe('scenario people', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ name: 'people' });
  });
  afterAll(() => world.close());

  it('each story is answered as it says', async () => {
    expect(world.people.length).toBeGreaterThan(30);
    for (const person of world.people) {
      const reply = await world.check(questionOf(person));
      expect(reply.status, person.id).toBe(200);
      expect(reply.body, person.id).toMatchObject(person.expected);
    }
  });
});
