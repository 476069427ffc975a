import { notices, type QualificationResult } from '@app/contracts';
import {
  answerPeriod,
  assess,
  dayNumber,
  fromDayNumber,
  RULE_VERSION,
  type CivilDate,
  type Consent,
  type PersonFacts,
  type Question,
  type YearMonth,
} from '@app/domain';
import { createHash } from 'node:crypto';

import { Marks, packText, PART } from '../answers/answer-text.js';
import { READY_FORMAT, writeReady } from '../answers/ready-row.js';
import type { CardRecord } from '../replica/facts-reader.js';
import type { BuildReady, ReadyBuilder } from '../replica/replica-view.js';
import { groupOf, isTime } from './answer-members.js';
import type { AnswerKeys } from './answer-keys.js';
import { linked } from './card-facts.js';
import { presentAnswer, type AnswerContent } from './present.js';

const consent = (given: boolean): Consent => ({
  limitApplicationCertificate: given,
  specificDiseases: given,
  pharmacists: given,
  specificHealthCheckups: given,
  diagnosis: given,
  operation: given,
});
const EVERYTHING = consent(true);
const NOTHING = consent(false);

/** Days are written in two bytes; nothing on record lies outside. */
const FIRST_DAY = 0;
const LAST_DAY = 0xfffe;

/** The latest instant at which any of a person's facts became known. */
const knownAtOf = ({ identityChanges = [], qualifications }: PersonFacts): number => {
  let latest = 0;
  const note = (fact: { readonly recordedAt: number } | undefined): void => {
    if (fact !== undefined && fact.recordedAt > latest) latest = fact.recordedAt;
  };
  for (const change of identityChanges) note(change);
  for (const qualification of qualifications) {
    note(qualification);
    note(qualification.loss);
    for (const change of qualification.changes ?? []) note(change);
    for (const fact of qualification.income) note(fact);
    for (const fact of qualification.copayCertificates) note(fact);
    for (const fact of qualification.limitCertificates) note(fact);
    for (const fact of qualification.specificDiseases) note(fact);
    for (const fact of qualification.tickets) note(fact);
  }
  return latest;
};

/** In the order in which the presenter writes them. */
const DESIGNATED = /("designatedMedicalInstitutionCode":")(\w+)(","designatedMedicalInstitutionFlag":")[01]"/g;

const memberText = (name: string, value: unknown): string => {
  if (name.endsWith('ConsTime')) return `"${name}":"${Marks.checkedAt}"`;
  const text = `"${name}":${JSON.stringify(value)}`;
  if (name === 'costLimit') return text.replace(/("treatmentMonth":")\d{4}-\d\d/, `$1${Marks.treatmentMonth}`);
  // A ticket of medical aid is shown to the institution it names in another way than to others.
  return name === 'publicExpense' ? text.replaceAll(DESIGNATED, `$1$2$3${Marks.designated}$2${Marks.end}"`) : text;
};

const membersOf = (result: QualificationResult, group: 'limit' | 'diseases'): string =>
  Object.entries(result)
    .filter(([name]) => groupOf(name) === group)
    .map(([name, value]) => memberText(name, value))
    .join(',');

const resultText = (shown: QualificationResult, withheld: QualificationResult, person: PersonFacts): string => {
  const members: string[] = [];
  const done = new Set<string>();
  for (const [name, value] of Object.entries(shown)) {
    const group = groupOf(name);
    if (group === 'common') {
      members.push(memberText(name, value));
      continue;
    }
    if (done.has(group)) continue;
    done.add(group);
    if (group === 'viewing')
      members.push(shown.specificHealthCheckupsInfoConsFlg === '3' ? Marks.viewingDenied : Marks.viewing);
    else if (group !== 'reference')
      members.push(
        `${group === 'limit' ? Marks.ifLimitConsented : Marks.ifDiseasesConsented}${membersOf(shown, group)}${Marks.otherwise}${membersOf(withheld, group)}${Marks.end}`,
      );
  }
  const references = person.referenceNumbers.flatMap(({ institutionCode, referenceNumber }) => [
    institutionCode,
    `,"referenceNumber":${JSON.stringify(referenceNumber)}`,
  ]);
  const ofInstitutions = references.length === 0 ? '' : `${Marks.references}${references.join(PART)}${Marks.end}`;
  return `{${members.join(',')}${ofInstitutions}}`;
};

/** The text that both readings of one answer, with every consent and with none, are cut from. */
const textOf = (shown: AnswerContent, withheld: AnswerContent, person: PersonFacts): string => {
  const credential = Object.entries(shown.credential).map(([name, value]) =>
    isTime(name) ? `"${name}":"${Marks.verifiedAt}"` : `"${name}":${JSON.stringify(value)}`,
  );
  const results = shown.results?.map((result, i) =>
    resultText(result, withheld.results?.[i] as QualificationResult, person),
  );
  const [all, few] = [shown.notices, withheld.notices].map((list) => JSON.stringify(list));
  const told = all === few ? all : `${Marks.ifLimitConsented}${all}${Marks.otherwise}${few}${Marks.end}`;
  return [
    `"qualificationValidity":"${shown.qualificationValidity}"`,
    `"verdict":"${shown.verdict}"`,
    `"credential":{${credential.join(',')}}`,
    ...(results === undefined ? [] : [`"results":[${results.join(',')}]`]),
    `"notices":${told}`,
  ].join(',');
};

/**
 * Makes the ready answer of a certificate: worked out by the same rule and written by the same presenter as an answer that is
 * made when it is asked for, once with every consent and once with none, and cut where the two differ.
 */
const buildWith =
  (keys: AnswerKeys, plannedTables: boolean): BuildReady =>
  (record, day) => {
    const { person, certificate, successor } = record;
    const today = fromDayNumber(day);
    const question: Question = {
      serviceDate: today,
      askedOn: today,
      knownAt: Number.POSITIVE_INFINITY,
      institutionCode: '',
      plannedTables,
    };
    const facts = { by: 'card', card: linked(record) } as const;
    const decided = assess(facts, question, EVERYTHING);
    const shown = presentAnswer(decided, 0, 0);
    const withheld = presentAnswer(assess(facts, question, NOTHING), 0, 0);
    const period = answerPeriod(
      successor === undefined ? [certificate] : [certificate, successor],
      person,
      today,
      decided,
    );
    const untilDay = period.to === undefined ? undefined : Math.min(dayNumber(period.to), LAST_DAY);
    return {
      untilDay,
      opened: writeReady({
        fromDay: Math.max(dayNumber(period.from), FIRST_DAY),
        untilDay,
        knownAt: knownAtOf(person),
        verifiedAt: certificate.verifiedAt,
        verdict: decided.verdict,
        credentialState: decided.credential.state,
        showsResults: shown.results !== undefined,
        showsLimit:
          shown.results?.some(({ costLimit }) => costLimit !== undefined && 'treatmentMonth' in costLimit) === true,
        showsTickets: shown.results?.some(({ publicExpense }) => publicExpense !== undefined) === true,
        deniesViewing: shown.results?.[0]?.specificHealthCheckupsInfoConsFlg === '3',
        consented: keys.versionParts(shown),
        withheld: keys.versionParts(withheld),
        subject: keys.subject(`card ${certificate.serial}`),
        text: packText(textOf(shown, withheld, person)),
      }),
    };
  };

/** One of each kind that is written in its own way; what becomes of it stands for how everything is written. */
const SAMPLES: readonly CardRecord[] = ['1980-05-05', '1956-05-05', '1946-05-05', '2024-05-05'].map((birthdate, i) => ({
  certificate: { serial: '1A2B3C4D5E6F7081', status: 'good', notAfter: '2026-12-24' as CivilDate, verifiedAt: 0 },
  person: {
    personId: '1',
    identity: {
      name: '見本',
      nameKana: 'ﾐﾎﾝ',
      nameOfOther: '別名',
      sex1: '1',
      birthdate: birthdate as CivilDate,
      address: '見本市',
      postNumber: '100-0000',
    },
    qualifications: [
      {
        qualificationId: '1',
        insurer: {
          insurerNumber: '06130488',
          insurerName: '見本',
          scheme: (['shaho', 'shaho', 'kouki', 'medical-aid'] as const)[i] ?? 'shaho',
        },
        insuredCardClassification: '01',
        insuredCardSymbol: '1',
        insuredIdentificationNumber: '1',
        insuredBranchNumber: '01',
        personalFamilyClassification: '1',
        insuredName: '見本',
        acquiredOn: '2024-05-05' as CivilDate,
        disabilityCertified: false,
        availableFrom: '2024-05-05' as CivilDate,
        recordedAt: 0,
        income: [],
        copayCertificates: (['elderly-recipient', 'late-elderly'] as const).map((kind) => ({
          kind,
          ratePercent: 20,
          from: '2024-05-05' as CivilDate,
          recordedAt: 0,
        })),
        limitCertificates: ['A03', 'B06'].map((classificationFlag) => ({
          classification: '01',
          classificationFlag,
          from: '2024-05-05' as CivilDate,
          recordedAt: 0,
        })),
        specificDiseases: [{ category: '1', selfPayYen: 10_000, from: '2024-05-05' as CivilDate, recordedAt: 0 }],
        tickets: [
          {
            ticketType: '01',
            treatmentMonth: '2026-11' as YearMonth,
            from: '2026-11-01' as CivilDate,
            designatedMedicalInstitutionCode: '1310000019',
            recordedAt: 0,
          },
        ],
      },
    ],
    referenceNumbers: [{ institutionCode: '1310000019', referenceNumber: '1' }],
  },
}));
const SAMPLE_DAY = dayNumber('2026-11-22' as CivilDate);

/**
 * Its version is that of the rules, the notices and the layout, and of what a few samples become: rows that another release or
 * another key would have written otherwise are built anew.
 */
export const readyBuilder = (keys: AnswerKeys, plannedTables: boolean): ReadyBuilder => {
  const build = buildWith(keys, plannedTables);
  const fingerprint = createHash('sha256').update(JSON.stringify([RULE_VERSION, READY_FORMAT, plannedTables, notices]));
  for (const sample of SAMPLES) fingerprint.update(build(sample, SAMPLE_DAY)?.opened ?? '');
  return { version: fingerprint.digest('base64url'), build };
};
