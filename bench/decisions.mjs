// npm run bench:decisions: a million random (person, date) pairs through assess() in one process. The same pairs every time.
import { mkdirSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { cpus, loadavg } from 'node:os';

// The domain as it is in the checkout: Node strips the types, and an import of ./x.js is answered by ./x.ts.
registerHooks({
  resolve: (specifier, context, next) =>
    next(
      specifier.startsWith('.') && context.parentURL?.includes('/libs/domain/src/')
        ? specifier.replace(/\.js$/, '.ts')
        : specifier,
      context,
    ),
});
const { assess, dayNumber, civilDate, fromDayNumber, monthOf, RULE_VERSION } =
  await import('../libs/domain/src/index.ts');

const SEED = 20_261_122;
const DECISIONS = 1_000_000;
const WARM_UP = 50_000;
/** Facts are made and forgotten batch by batch, outside the measured time. */
const BATCH = 1_000;
const LIMIT_MICROS = 20;

/** mulberry32 */
let state = SEED;
const random = () => {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};
const upTo = (n) => Math.floor(random() * n);
const chance = (share) => random() < share;
const pick = (list) => list[upTo(list.length)];
const yen = (max, step = 10_000) => upTo(max / step + 1) * step;
const FIRST_SERVICE = dayNumber(civilDate('2015-01-01'));
const SERVICE_DAYS = dayNumber(civilDate('2028-12-31')) - FIRST_SERVICE + 1;
const FIRST_BIRTH = dayNumber(civilDate('1926-01-01'));
const noonOf = (day) => day * 86_400_000 + 3 * 3_600_000;
const period = (from, days) => ({
  from: fromDayNumber(from),
  ...(chance(0.3) ? {} : { to: fromDayNumber(from + days) }),
});

const INSURERS = {
  shaho: ['06130488', '01130012'],
  kokuho: ['138057', '00138057'],
  kouki: ['39131156'],
  'medical-aid': ['12131017'],
};
const CLINIC = '1310000019';

const incomeFacts = (scheme) => {
  const nonTaxableClass = chance(0.5) ? { nonTaxableClass: pick(['I', 'II']) } : {};
  if (scheme === 'shaho') {
    return {
      scheme,
      standardMonthlyRemuneration: 58_000 + yen(1_330_000),
      insuredNonTaxable: chance(0.1),
      incomeExemptionGranted: chance(0.1),
      ...nonTaxableClass,
    };
  }
  if (scheme === 'kokuho') {
    return {
      scheme,
      kyuTadashigakiIncome: yen(10_000_000),
      householdNonTaxable: chance(0.2),
      maxTaxableIncome: yen(9_000_000),
      totalRevenue: yen(9_000_000),
      members70to74: 1 + upTo(2),
      ...nonTaxableClass,
    };
  }
  return {
    scheme: 'kouki',
    maxTaxableIncomeInHousehold: yen(9_000_000),
    pensionPlusOtherIncomeTotal: yen(6_000_000),
    koukiMembers: 1 + upTo(2),
    totalRevenue: yen(9_000_000),
    has70to74Member: chance(0.2),
    ...nonTaxableClass,
  };
};

const qualificationOf = (scheme, acquired, lost, index) => {
  const from = Math.max(acquired, FIRST_SERVICE - 400);
  return {
    qualificationId: `q${index}`,
    insurer: { insurerNumber: pick(INSURERS[scheme]), insurerName: '見本', scheme },
    insuredCardClassification: '01',
    ...(scheme === 'kouki' ? {} : { insuredCardSymbol: '1234' }),
    insuredIdentificationNumber: String(1_000_000 + upTo(9_000_000)),
    ...(scheme === 'kouki' ? {} : { insuredBranchNumber: pick(['01', '02']) }),
    personalFamilyClassification: pick(['1', '1', '2']),
    acquiredOn: fromDayNumber(acquired),
    disabilityCertified: scheme === 'kouki' && chance(0.1),
    ...(lost === undefined
      ? {}
      : {
          loss: {
            lostOn: fromDayNumber(lost),
            reasonOfLoss: pick(['01', '03', '99']),
            recordedAt: noonOf(lost + upTo(30)),
          },
        }),
    availableFrom: fromDayNumber(acquired + upTo(10)),
    recordedAt: noonOf(acquired),
    income:
      scheme === 'medical-aid'
        ? []
        : Array.from({ length: upTo(4) }, (_, year) => ({
            ...period(from + year * 365, 364),
            facts: incomeFacts(scheme),
            recordedAt: noonOf(from + year * 365),
          })),
    copayCertificates: chance(0.3)
      ? [
          {
            kind: scheme === 'kouki' ? 'late-elderly' : 'elderly-recipient',
            ratePercent: pick([10, 20, 30]),
            ...period(from, 2000),
            recordedAt: noonOf(from),
          },
        ]
      : [],
    limitCertificates: chance(0.3)
      ? [
          {
            classification: '01',
            classificationFlag: pick(['A01', 'A02', 'A03', 'A04', 'A05', 'B01', 'B09']),
            ...period(from, 2000),
            recordedAt: noonOf(from),
          },
        ]
      : [],
    specificDiseases: chance(0.1)
      ? [
          {
            category: pick(['1', '2', '3']),
            selfPayYen: pick([10_000, 20_000]),
            ...period(from, 2000),
            recordedAt: noonOf(from),
          },
        ]
      : [],
    tickets:
      scheme === 'medical-aid'
        ? [
            {
              ticketType: '01',
              treatmentMonth: monthOf(fromDayNumber(from)),
              designatedMedicalInstitutionCode: CLINIC,
              ...period(from, 30),
              recordedAt: noonOf(from),
            },
          ]
        : [],
  };
};

/** A person of any age on a day from 2015 to 2028, with one to three coverages around that day, asked by card or by number. */
const pair = () => {
  const service = FIRST_SERVICE + upTo(SERVICE_DAYS);
  const birth = FIRST_BIRTH + upTo(service - FIRST_BIRTH + 1);
  const old = service - birth > 75 * 365.25;
  const count = pick([1, 1, 1, 2, 2, 3]);
  const qualifications = [];
  let acquired = Math.max(birth, service - upTo(4000));
  for (let index = 0; index < count; index += 1) {
    const isLast = index === count - 1;
    const lost = isLast && chance(0.8) ? undefined : acquired + 30 + upTo(2000);
    const scheme = chance(0.03) ? 'medical-aid' : old ? 'kouki' : pick(['shaho', 'kokuho']);
    qualifications.push(qualificationOf(scheme, acquired, lost, index));
    acquired = (lost ?? acquired) + (chance(0.7) ? 0 : upTo(40));
  }
  const person = {
    personId: 'p1',
    identity: { name: '資格　太郎', nameKana: 'ｼｶｸ ﾀﾛｳ', sex1: '1', birthdate: fromDayNumber(birth) },
    qualifications,
    referenceNumbers: chance(0.2) ? [{ institutionCode: CLINIC, referenceNumber: '42' }] : [],
  };
  const own = pick(qualifications);
  const facts = chance(0.5)
    ? {
        by: 'card',
        card: {
          kind: 'linked',
          certificate: {
            status: pick(['good', 'good', 'good', 'expired', 'revoked']),
            notAfter: fromDayNumber(service + upTo(2000) - 200),
          },
          person,
        },
      }
    : {
        by: 'insured',
        asked: {
          insurerNumber: own.insurer.insurerNumber,
          insurerNumberCheckDigitWrong: false,
          ...(own.insuredCardSymbol === undefined ? {} : { insuredCardSymbol: own.insuredCardSymbol }),
          insuredIdentificationNumber: own.insuredIdentificationNumber,
          ...(own.insuredBranchNumber === undefined ? {} : { insuredBranchNumber: own.insuredBranchNumber }),
          birthdate: person.identity.birthdate,
        },
        people: [person],
      };
  const asked = service + upTo(30);
  const question = {
    serviceDate: fromDayNumber(service),
    askedOn: fromDayNumber(asked),
    knownAt: noonOf(asked + upTo(60)),
    institutionCode: CLINIC,
    ...(chance(0.2) ? { plannedTables: true } : {}),
  };
  const consent = {
    limitApplicationCertificate: chance(0.7),
    specificDiseases: chance(0.7),
    pharmacists: chance(0.5),
    specificHealthCheckups: chance(0.5),
    diagnosis: chance(0.5),
    operation: chance(0.5),
  };
  return { facts, question, consent };
};

const told = { verdicts: {}, rates: {}, withLimit: 0 };
const count = (counts, key) => {
  counts[key] = (counts[key] ?? 0) + 1;
};

const run = (decisions, nanos) => {
  let totalMs = 0;
  let cpuMicros = 0;
  for (let done = 0; done < decisions; done += BATCH) {
    const pairs = Array.from({ length: BATCH }, pair);
    const answers = Array.from({ length: BATCH });
    const cpuBefore = process.cpuUsage();
    const startedMs = performance.now();
    for (let at = 0; at < BATCH; at += 1) {
      const { facts, question, consent } = pairs[at];
      const before = performance.now();
      answers[at] = assess(facts, question, consent);
      if (nanos !== undefined) nanos[done + at] = (performance.now() - before) * 1e6;
    }
    totalMs += performance.now() - startedMs;
    const cpu = process.cpuUsage(cpuBefore);
    cpuMicros += cpu.user + cpu.system;
    if (nanos === undefined) continue;
    for (const { verdict, results = [] } of answers) {
      count(told.verdicts, verdict);
      for (const { benefits } of results) {
        if (benefits === undefined) continue;
        count(told.rates, benefits.copay.ratePercent ?? 'undetermined');
        if (benefits.costLimit !== undefined && 'household' in benefits.costLimit) told.withLimit += 1;
      }
    }
  }
  return { totalMs, cpuMicros };
};

run(WARM_UP);
const nanos = new Float64Array(DECISIONS);
const loadBefore = loadavg()[0];
const { totalMs, cpuMicros } = run(DECISIONS, nanos);
nanos.sort();
const at = (share) => Math.round(nanos[Math.ceil(DECISIONS * share) - 1]) / 1000;
const rounded = (value) => Math.round(value * 100) / 100;

const report = {
  measuredAt: new Date().toISOString(),
  ruleVersion: RULE_VERSION,
  seed: SEED,
  decisions: DECISIONS,
  warmUp: WARM_UP,
  microsPerDecision: rounded((totalMs * 1000) / DECISIONS),
  /** Processor time, all threads: what it costs beside a neighbour that takes the processor. */
  cpuMicrosPerDecision: rounded(cpuMicros / DECISIONS),
  decisionsPerSecond: Math.round(DECISIONS / (totalMs / 1000)),
  p50Micros: rounded(at(0.5)),
  p99Micros: rounded(at(0.99)),
  maxMicros: rounded(at(1)),
  answers: told,
  machine: {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    loadAverageBefore: rounded(loadBefore),
    loadAverageAfter: rounded(loadavg()[0]),
  },
};

const folder = new URL('./results/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('decisions.json', folder), `${JSON.stringify(report, null, 2)}\n`);

const { machine } = report;
console.table({
  decisions: DECISIONS,
  'µs per decision': report.microsPerDecision,
  'processor µs per decision': report.cpuMicrosPerDecision,
  'decisions per second': report.decisionsPerSecond,
  'p50 µs': report.p50Micros,
  'p99 µs': report.p99Micros,
  'max µs': report.maxMicros,
  'load average': `${machine.loadAverageBefore} before, ${machine.loadAverageAfter} after`,
  machine: `${machine.cores} × ${machine.cpu}, ${machine.platform}, Node ${machine.node}`,
});
console.log('verdicts', told.verdicts, 'rates', told.rates, 'limits', told.withLimit);
console.log('bench/results/decisions.json');
if (report.microsPerDecision > LIMIT_MICROS) {
  console.error(`Slower than ${LIMIT_MICROS} µs a decision.`);
  process.exitCode = 1;
}
