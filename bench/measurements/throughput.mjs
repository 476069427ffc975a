import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { buildUsualWay } from '../comparators/build-usual-way.mjs';
import { hasNginx, startNginx } from '../comparators/nginx.mjs';
import { childrenOf, moveChildren, places } from '../cores.mjs';
import { count, percent, ratio } from '../report/numbers.mjs';
import { ratioOf, runLanes, summed, untilPrepared } from '../lanes.mjs';
import { serialOf } from '../serials.mjs';
import { mean, median } from '../statistics.mjs';

const PATH = '/v1/eligibility-checks';
const FEW = 1_000;
const ANSWERS_LOOKED_AT = 60;
const GENERATOR_BUSY = 0.9;
const COMPARATORS = ['bare', 'fastify', 'usual', 'nginx'];

/** @type {import('../context.mjs').Measurement} */
export const throughput = {
  name: 'throughput',
  about: 'closed-loop throughput of the check against comparators, of cold against warm cards, of populations',
  run,
};

/**
 * @param {import('../context.mjs').Context} context
 * @returns {Promise<import('../context.mjs').Finding>}
 */
async function run(context) {
  const { house, options, doing } = context;
  /** @type {string[]} */
  const notes = [];
  /** @type {{ stop: () => Promise<void> }[]} */
  const started = [];
  try {
    /**
     * @param {string} name
     * @param {number} size
     * @param {Record<string, string>} [env]
     * @returns {Promise<import('../house.mjs').Counter>}
     */
    const counterOf = (name, size, env) =>
      doing(`Starting a counter on ${count(size)} people (${name})`, async (note) => {
        const counter = await house.counter(
          name,
          await house.population(size, note),
          env === undefined ? {} : { env, disk: name },
        );
        started.push(counter);
        await untilPrepared(counter, note);
        return counter;
      });

    const { small, middle, large } = options.sizes;
    const sealed = await counterOf('counter', middle);
    const answerFile = await keepAnAnswer(context, sealed);
    /** @type {import('../lanes.mjs').Lane[]} */
    const lanes = [];
    /**
     * @param {string} id
     * @param {string} label
     * @param {import('../house.mjs').Counter} counter
     * @param {import('../load/requests.mjs').People} people
     * @param {{ before?: () => void, after?: () => void }} [hooks]
     */
    const addCheck = (id, label, counter, people, hooks = {}) =>
      lanes.push({
        ...hooks,
        id,
        label,
        target: counter,
        question: async () => ({
          kind: 'check',
          path: PATH,
          tokens: await counter.tokens(),
          people,
          isAnsweredForPerson: true,
        }),
      });

    lanes.push(...(await startComparators(context, { answerFile, sealed, started, notes })));
    addCheck('check', `check, any card of ${count(middle)}`, sealed, { kind: 'any', size: middle });
    let unsealed = sealed;
    if (house.knowsSetting('REPLICA_SEAL')) {
      unsealed = await counterOf('counter-unsealed', middle, { REPLICA_SEAL: 'off' });
      addCheck('check-unsealed', `check, any card of ${count(middle)}, replica not sealed`, unsealed, {
        kind: 'any',
        size: middle,
      });
    } else notes.push('The counter has no setting REPLICA_SEAL yet: one lane stands for both.');

    // What keeps the replica and ships the journal is a process of its own, and may have a core of its own.
    if (childrenOf(sealed.pid).length > 0)
      for (const counter of new Set([sealed, unsealed]))
        addCheck(
          counter === sealed ? 'check-aside' : 'check-unsealed-aside',
          `check, any card of ${count(middle)}${counter === sealed ? '' : ', replica not sealed'}, keeper on another core`,
          counter,
          { kind: 'any', size: middle },
          {
            before: () => moveChildren(counter.pid, places.others),
            after: () => moveChildren(counter.pid, places.server),
          },
        );

    // Nobody is asked about twice in a run, and none of them is among the few.
    let asked = 0;
    const perRound = Math.floor(middle / (options.rounds + 1));
    lanes.push({
      id: 'never-asked',
      label: 'check, a card never asked before',
      target: sealed,
      question: async () => {
        const from = asked;
        asked += perRound;
        return {
          kind: 'check',
          path: PATH,
          tokens: await sealed.tokens(),
          people: { kind: 'each-once', size: middle, from },
          isAnsweredForPerson: true,
        };
      },
    });
    addCheck('asked', 'check, a card asked a moment ago', sealed, {
      kind: 'few',
      size: middle,
      few: Math.min(FEW, small),
      from: middle - FEW,
    });
    addCheck('small', `check, any card of ${count(small)}`, await counterOf('counter-small', small), {
      kind: 'any',
      size: small,
    });
    if (options.isLarge)
      addCheck('large', `check, any card of ${count(large)}`, await counterOf('counter-large', large), {
        kind: 'any',
        size: large,
      });

    /** @type {Map<string, import('../lanes.mjs').LaneResult>} */
    const results = await doing('Throughput', (note) => runLanes(context, lanes, note));
    for (const counter of new Set([sealed, unsealed])) notes.push(...(await corridorShare(counter)));
    return report(results, notes);
  } finally {
    for (const one of started) await one.stop();
  }
}

/**
 * How many took the way of nearly all checks.
 *
 * @param {import('../house.mjs').Counter} counter
 * @returns {Promise<string[]>}
 */
async function corridorShare(counter) {
  const requests = await counter.metric('shikaku_corridor_requests_total');
  const all = [...requests.values()].reduce((sum, times) => sum + times, 0);
  if (all === 0) return [];
  const answered = requests.get('outcome="answered"') ?? 0;
  return [
    `${counter.name}: ${((answered / all) * 100).toFixed(2)} % of ${count(all)} checks were answered in the corridor.`,
  ];
}

/**
 * An answer of average length, which the comparators give: the bytes are then no difference.
 *
 * @param {import('../context.mjs').Context} context
 * @param {import('../house.mjs').Counter} counter
 * @returns {Promise<string>} path
 */
async function keepAnAnswer({ house }, counter) {
  const [token] = await counter.tokens();
  /** @type {string[]} */
  const answers = [];
  for (let person = 1; person <= ANSWERS_LOOKED_AT; person += 1) {
    const response = await fetch(`${counter.url}${PATH}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        card: { certificateSerial: serialOf(person * 7) },
        consent: { limitApplicationCertificate: person % 2 === 0, specificDiseases: person % 2 === 0 },
      }),
    });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`a check was answered with ${response.status}: ${text.slice(0, 300)}`);
    answers.push(text);
  }
  const lengths = answers.map((answer) => Buffer.byteLength(answer));
  const average = mean(lengths);
  const nearest = lengths.map((length) => Math.abs(length - average));
  const path = join(house.folder, 'answer.json');
  writeFileSync(path, answers[nearest.indexOf(Math.min(...nearest))] ?? '');
  return path;
}

/**
 * @param {import('../context.mjs').Context} context
 * @param {{ answerFile: string, sealed: import('../house.mjs').Counter, started: { stop: () => Promise<void> }[], notes: string[] }} parts
 * @returns {Promise<import('../lanes.mjs').Lane[]>}
 */
async function startComparators({ house, doing }, { answerFile, sealed, started, notes }) {
  /** @type {import('../lanes.mjs').Lane[]} */
  const lanes = [];
  /** @type {() => Promise<import('../load/requests.mjs').Question>} */
  const sameQuestion = async () => ({
    kind: 'check',
    path: PATH,
    tokens: await sealed.tokens(),
    people: { kind: 'any', size: sealed.population.size },
    isAnsweredForPerson: false,
  });
  await doing('Starting the comparators', async () => {
    const entryOf = (/** @type {string} */ name) =>
      fileURLToPath(new URL(`../comparators/${name}.mjs`, import.meta.url));
    const all = [
      { id: 'bare', label: 'bare node:http', entry: entryOf('bare'), env: {} },
      { id: 'fastify', label: 'Fastify, validated POST, empty handler', entry: entryOf('fastify'), env: {} },
      {
        id: 'usual',
        label: 'the usual way (Nest, passport-jwt, ValidationPipe, TypeORM)',
        entry: buildUsualWay(),
        env: {
          DATABASE_URL: sealed.population.urls.counterUrl,
          PUBLIC_KEY_FILE: join(sealed.population.dataDir, 'secrets/oauth-public-key.json'),
          ISSUER: `http://localhost:${sealed.port}`,
          AUDIENCE: 'urn:shikaku:api',
        },
      },
    ];
    for (const { id, label, entry, env } of all) {
      const target = await house.comparator(id, { entry, env: { ...env, ANSWER_FILE: answerFile } });
      started.push(target);
      lanes.push({ id, label, target, question: sameQuestion });
    }
    if (!hasNginx()) {
      notes.push('nginx is not installed here: no comparison with it (BENCH_NGINX names one that is not on the path).');
      return;
    }
    const nginx = await startNginx({ folder: join(house.folder, 'nginx'), answerFile, place: places.server });
    started.push(nginx);
    lanes.push({
      id: 'nginx',
      label: 'nginx, a static file (GET)',
      target: nginx,
      question: async () => ({ kind: 'get', path: '/answer.json' }),
    });
  });
  return lanes;
}

/**
 * @param {Map<string, import('../lanes.mjs').LaneResult>} results
 * @param {string[]} notes
 * @returns {import('../context.mjs').Finding}
 */
function report(results, notes) {
  const all = [...results.values()].map(({ lane, rounds }) => {
    const of = (/** @type {(round: import('../lanes.mjs').Round) => number | undefined} */ pick) =>
      median(rounds.map(pick).filter((value) => value !== undefined));
    return {
      id: lane.id,
      label: lane.label,
      perSecond: of((round) => round.perSecond),
      low: Math.min(...rounds.map((round) => round.perSecond)),
      high: Math.max(...rounds.map((round) => round.perSecond)),
      cpuMicros: of((round) => round.cpuMicros),
      ownCpuMicros: of((round) => round.ownCpuMicros),
      coreShare: of((round) => round.coreShare),
      neighbours: of((round) => round.neighbours),
      generatorShare: of((round) => round.generatorShare),
      p50: of((round) => round.latencyMs['50']),
      p99: of((round) => round.latencyMs['99']),
      p999: of((round) => round.latencyMs['99.9']),
      max: of((round) => round.latencyMs['100']),
      meanBytes: of((round) => round.meanBytes),
      faults: summed(rounds),
      rounds,
    };
  });
  const sorted = all.toSorted((a, b) => b.perSecond - a.perSecond);
  for (const { label, faults } of all)
    if (Object.keys(faults).length > 0)
      notes.push(
        `${label}: ${Object.entries(faults)
          .map(([kind, times]) => `${times} × ${kind}`)
          .join(', ')}.`,
      );

  for (const { label, generatorShare } of all)
    if (generatorShare > GENERATOR_BUSY)
      notes.push(`${label}: the generator had ${percent(generatorShare)} of its core, and may be what was measured.`);

  const read = Object.entries(
    summed(
      all.flatMap(({ id, rounds }) => (COMPARATORS.includes(id) ? [] : rounds)),
      'verdicts',
    ),
  ).toSorted(([, a], [, b]) => b - a);
  notes.push(
    `Answers of checks that were read (one in a thousand): ${read.map(([kind, times]) => `${times} × ${kind}`).join('; ')}.`,
  );

  /** @type {import('../context.mjs').Requirement[]} */
  const requirements = [];
  /**
   * @param {string} what
   * @param {string} one
   * @param {string} other
   * @param {number} limit
   */
  const need = (what, one, other, limit) => {
    const [ours, theirs] = [results.get(one), results.get(other)];
    if (ours === undefined || theirs === undefined) return;
    const { byThroughput, byCpu } = ratioOf(ours, theirs);
    requirements.push({
      what,
      bound: 'at least',
      limit,
      got: byThroughput,
      unit: '×',
      ...(byCpu === undefined ? {} : { also: `${ratio(byCpu)} × by processor time` }),
    });
  };
  const open = results.has('check-unsealed') ? 'check-unsealed' : 'check';
  need('check, not sealed, against Fastify’s empty validated POST', open, 'fastify', 0.8);
  need('check, sealed, against Fastify’s empty validated POST', 'check', 'fastify', 0.65);
  need('check, not sealed, against bare node:http', open, 'bare', 0.65);
  need('check, sealed, against bare node:http', 'check', 'bare', 0);
  need('check, not sealed, against the usual way', open, 'usual', 5);
  need('check, sealed, against the usual way', 'check', 'usual', 5);
  need('check, not sealed, keeper on another core, against Fastify', 'check-unsealed-aside', 'fastify', 0);
  need('check, sealed, keeper on another core, against Fastify', 'check-aside', 'fastify', 0);
  need('a card never asked before against one asked a moment ago', 'never-asked', 'asked', 0.85);
  need('middle population against the small one', 'check', 'small', 0.9);
  need('large population against the middle one', 'large', 'check', 0.9);
  need('check, not sealed, against an nginx static file', open, 'nginx', 0);

  return {
    name: 'throughput',
    title: 'Throughput, closed loop, one server process on one core',
    tables: [
      {
        title: 'Medians of the rounds',
        columns: [
          'server',
          'requests/s',
          'from',
          'to',
          'CPU µs each',
          'of it answering',
          'core share',
          'neighbours',
          'generator',
          'p50 ms',
          'p99 ms',
          'p99.9 ms',
          'bytes',
          'faults',
        ],
        rows: sorted.map((lane) => [
          lane.label,
          count(lane.perSecond),
          count(lane.low),
          count(lane.high),
          Number.isNaN(lane.cpuMicros) ? '' : lane.cpuMicros.toFixed(1),
          // nginx answers in a process that it starts.
          Number.isNaN(lane.ownCpuMicros) || lane.id === 'nginx' ? '' : lane.ownCpuMicros.toFixed(1),
          percent(lane.coreShare),
          percent(lane.neighbours),
          percent(lane.generatorShare),
          lane.p50.toFixed(2),
          lane.p99.toFixed(2),
          lane.p999.toFixed(2),
          count(lane.meanBytes),
          count(Object.values(lane.faults).reduce((sum, value) => sum + value, 0)),
        ]),
      },
    ],
    requirements,
    bars: [
      {
        title: 'Requests a second on one core (median; line from slowest to fastest round)',
        unit: 'requests/s',
        bars: sorted.map(({ label, perSecond, low, high, id }) => ({
          label,
          value: perSecond,
          low,
          high,
          isOurs: !COMPARATORS.includes(id),
        })),
      },
    ],
    notes,
    data: all,
  };
}
