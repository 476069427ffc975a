import { certificateOn, civilDate, type PersonFacts } from '@app/domain';

import { AccessesUnavailable, type Accesses, type Reading } from '../accesses/accesses.js';
import { ProblemException } from '../problems/problem.exception.js';
import { DocumentsUnavailable, type DocumentPeople, type DocumentPerson } from './document-people.js';
import { IssueDocuments } from './issue-documents.js';
import type { LastFourDigits } from './last-four-digits.js';

const NOW = Date.parse('2026-11-22T09:00:00+09:00');
const INSURER = '06130488';

const person: PersonFacts = {
  personId: '7',
  identity: {
    name: '髙橋　太郎',
    nameKana: 'タカハシ　タロウ',
    sex1: '1',
    birthdate: civilDate('1980-05-05'),
  },
  referenceNumbers: [],
  qualifications: [
    {
      qualificationId: '1',
      insurer: { insurerNumber: INSURER, insurerName: '見本健康保険組合', scheme: 'shaho' },
      insuredCardClassification: '01',
      insuredIdentificationNumber: '1000001',
      personalFamilyClassification: '1',
      insuredName: '髙橋　太郎',
      acquiredOn: civilDate('2020-04-01'),
      disabilityCertified: false,
      availableFrom: civilDate('2020-04-01'),
      recordedAt: 0,
      income: [],
      copayCertificates: [],
      limitCertificates: [],
      specificDiseases: [],
      tickets: [],
    },
  ],
};

const onRecord: DocumentPerson = {
  person,
  certificates: [{ status: 'good', notAfter: civilDate('2029-05-05') }],
  foundAtRegistry: true,
};

const peopleOf = (found: DocumentPerson | undefined): Pick<DocumentPeople, 'find'> => ({ find: async () => found });

const NOBODYS: LastFourDigits = { of: async () => undefined };

const issue = (
  found: DocumentPerson | undefined = onRecord,
  lastFour: LastFourDigits = NOBODYS,
  people: Pick<DocumentPeople, 'find'> = peopleOf(found),
  accesses: Pick<Accesses, 'note'> = { note: async () => {} },
): IssueDocuments => new IssueDocuments(people, lastFour, accesses, { now: () => NOW });

const request = (issuedOn = '2026-11-22', personId = '7') => ({
  insurerNumber: INSURER,
  clientId: 'demo-insurer',
  personId,
  issuedOn: civilDate(issuedOn),
});

const codeOf = (issuing: Promise<unknown>): Promise<string> =>
  issuing.then(
    () => 'issued',
    (error: unknown) => (error instanceof ProblemException ? error.code : String(error)),
  );

describe('the notice with the last four digits', () => {
  it('is refused where no number is on record: nothing stands in its place', async () => {
    expect(await codeOf(issue(onRecord, NOBODYS).notice(request('2024-08-26')))).toBe('last-four-digits-unavailable');
  });

  it('has them opened once, for that purpose, and for no other document', async () => {
    const opened: unknown[] = [];
    const lastFour: LastFourDigits = {
      of: async (...asked) => {
        opened.push(asked);
        return '6825';
      },
    };
    const documents = issue(onRecord, lastFour);
    expect(await documents.notice(request('2024-08-26'))).toMatchObject({
      version: 'with-last-four-digits',
      individualNumberLastFour: '6825',
      issuedOn: '2024-08-26',
    });
    expect(opened).toEqual([['7', 'notice-last-four', { clientId: 'demo-insurer' }]]);
    expect(await documents.notice(request())).not.toHaveProperty('individualNumberLastFour');
    await documents.screen(request());
    await documents.declaration(request());
    expect(opened).toHaveLength(1);
  });
});

it.each([
  ['before the first day', '2014-12-31', 'issue-date-out-of-range'],
  ['the first day', '2015-01-01', 'not-insured-on-day'],
  ['today', '2026-11-22', 'issued'],
  ['tomorrow', '2026-11-23', 'issue-date-out-of-range'],
])('as of %s', async (_when, issuedOn, code) => {
  expect(await codeOf(issue().declaration(request(issuedOn)))).toBe(code);
});

it.each(['0', '07', '-7', '7 ', 'x', '１', '1'.repeat(19), "7' or '1'='1"])(
  '%j is nobody’s id, and PostgreSQL is not asked for it',
  async (personId) => {
    const asked: string[] = [];
    const people: Pick<DocumentPeople, 'find'> = {
      find: async (_insurer, id) => {
        asked.push(id);
        return onRecord;
      },
    };
    expect(await codeOf(issue(onRecord, undefined, people).notice(request('2026-11-22', personId)))).toBe(
      'person-not-found',
    );
    expect(asked).toEqual([]);
  },
);

it('with the store away nothing is issued, and nobody is said not to exist', async () => {
  const away: Pick<DocumentPeople, 'find'> = { find: () => Promise.reject(new DocumentsUnavailable()) };
  expect(await codeOf(issue(onRecord, undefined, away).screen(request()))).toBe('documents-unavailable');
});

it('each is on record before it is given, and by whom it was asked for; what is refused is not', async () => {
  const noted: Reading[] = [];
  const accesses = {
    note: async (reading: Reading) => {
      noted.push(reading);
    },
  };
  const documents = issue(onRecord, NOBODYS, undefined, accesses);
  const asked = { ...request(), operator: 'staff-17' };
  await documents.notice(asked);
  await documents.screen(asked);
  await documents.declaration(request());
  expect(await codeOf(documents.certificate(asked))).toBe('card-instead-of-certificate');
  await issue({ ...onRecord, certificates: [] }, NOBODYS, undefined, accesses).certificate(asked);
  const reader = { personId: '7', insurerNumber: INSURER, clientId: 'demo-insurer' };
  expect(noted).toEqual([
    { ...reader, operator: 'staff-17', what: 'qualification-notice' },
    { ...reader, operator: 'staff-17', what: 'qualification-screen' },
    { ...reader, what: 'eligibility-declaration' },
    { ...reader, operator: 'staff-17', what: 'qualification-certificate' },
  ]);
});

it('what cannot be put on record is not issued', async () => {
  const accesses = { note: () => Promise.reject(new AccessesUnavailable()) };
  expect(await codeOf(issue(onRecord, NOBODYS, undefined, accesses).screen(request()))).toBe('documents-unavailable');
});

it('a fault that is nobody’s plan is not taken for one that is', async () => {
  const broken: Pick<DocumentPeople, 'find'> = { find: () => Promise.reject(new TypeError('broken')) };
  expect(await codeOf(issue(onRecord, undefined, broken).screen(request()))).toBe('TypeError: broken');
});

it('a certificate is what the rules say, with the insured person’s name on a dependant’s only', async () => {
  const withoutCard: DocumentPerson = { ...onRecord, certificates: [] };
  const own = await issue(withoutCard).certificate({ ...request(), validTo: civilDate('2028-03-31') });
  expect(own).toMatchObject({
    basis: 'ex-officio',
    validFrom: '2026-11-22',
    validTo: '2028-03-31',
    returnDueUntil: '2028-03-31',
  });
  expect(own).not.toHaveProperty('insuredName');
  const family = person.qualifications.map((held) => ({ ...held, personalFamilyClassification: '2' as const }));
  const dependant = issue({ ...withoutCard, person: { ...person, qualifications: family } });
  expect(await dependant.certificate(request())).toMatchObject({ insuredName: '髙橋　太郎' });
  const decided = certificateOn(
    { person, certificates: [], individualNumberOnRecord: true },
    { issuedOn: civilDate('2026-11-22'), knownAt: NOW },
  );
  expect(decided).toMatchObject({ kind: 'issued', validTo: '2031-11-21' });
  expect(await issue(withoutCard).certificate(request())).toMatchObject({ validTo: '2031-11-21' });
});

it.each([
  ['a month ago to the day', '2026-10-22', false],
  ['the day after', '2026-10-23', true],
])('joined %s: within a month', async (_when, acquiredOn, within) => {
  const held = person.qualifications.map((each) => ({ ...each, acquiredOn: civilDate(acquiredOn) }));
  const declaration = await issue({ ...onRecord, person: { ...person, qualifications: held } }).declaration(request());
  expect(declaration.joinedWithinAMonth).toBe(within);
});
