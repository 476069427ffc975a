import { runOutage, outageFinding } from '../outage.mjs';

/** @typedef {import('../context.mjs').Scenario} Scenario */

const FRESH_WITHIN_MS = 10_000;

/** @type {Scenario} */
export const registryHangs = {
  name: 'registry-hangs',
  about: 'the registry accepts and never answers, also on connections that exist',
  run: async (context) => {
    const { registry } = context.stage;
    return outageFinding(
      await runOutage(context, {
        name: 'registry-hangs',
        title: 'The registry hangs',
        begin: () => registry.set('hang'),
        end: () => registry.set('pass'),
      }),
      { isBreakerAsked: true, freshWithinMs: FRESH_WITHIN_MS },
    );
  },
};

/** @type {Scenario} */
export const registryResets = {
  name: 'registry-resets',
  about: 'every connection to the registry is reset',
  run: async (context) => {
    const { registry } = context.stage;
    return outageFinding(
      await runOutage(context, {
        name: 'registry-resets',
        title: 'Connections to the registry are reset',
        begin: () => registry.set('reset'),
        end: () => registry.set('pass'),
      }),
      { isBreakerAsked: true, freshWithinMs: FRESH_WITHIN_MS },
    );
  },
};

/** @type {Scenario} */
export const registryGarbage = {
  name: 'registry-garbage',
  about: 'the registry answers: no JSON, half of it, another shape, somebody else’s card',
  run: async (context) => {
    const { stage } = context;
    return outageFinding(
      await runOutage(context, {
        name: 'registry-garbage',
        title: 'The registry answers garbage',
        begin: () => stage.registryFaults({ all: { mode: 'garbage' } }),
        end: () => stage.registryFaults({}),
      }),
      { isBreakerAsked: true, freshWithinMs: FRESH_WITHIN_MS },
    );
  },
};

/** @type {Scenario} */
export const feedCut = {
  name: 'feed-cut',
  about: 'the feed of certificate changes alone is away; single certificates can be asked about',
  run: async (context) => {
    const { stage } = context;
    return outageFinding(
      await runOutage(context, {
        name: 'feed-cut',
        title: 'The feed of certificate changes is cut',
        begin: () => stage.registryFaults({ 'certificate-changes': { mode: 'reset' } }),
        end: () => stage.registryFaults({}),
      }),
      { freshWithinMs: FRESH_WITHIN_MS },
    );
  },
};

/** @type {Scenario} */
export const databaseKilled = {
  name: 'database-killed',
  about: 'PostgreSQL is killed with -9 and started again',
  run: async (context) => {
    const { house } = context.stage;
    let isThere = true;
    return outageFinding(
      await runOutage(context, {
        name: 'database-killed',
        title: 'PostgreSQL is killed with -9 and comes back',
        begin: () => {
          isThere = false;
          return house.killDatabase();
        },
        end: async () => {
          if (isThere) return;
          await house.startDatabase();
          isThere = true;
        },
      }),
      { freshWithinMs: FRESH_WITHIN_MS },
    );
  },
};

/** @type {Scenario} */
export const databaseHangs = {
  name: 'database-hangs',
  about: 'PostgreSQL accepts and never answers, also on connections that exist',
  run: async (context) => {
    const { database } = context.stage;
    return outageFinding(
      await runOutage(context, {
        name: 'database-hangs',
        title: 'PostgreSQL hangs',
        begin: () => database.set('hang'),
        end: () => database.set('pass'),
      }),
      { freshWithinMs: FRESH_WITHIN_MS },
    );
  },
};
