import { addDays, civilDate } from '../calendar/index.js';
import { documentDecision, SITUATION_ROWS, type PresentedFacts } from './index.js';

const on = (date: string, facts: Omit<PresentedFacts, 'date'>): string =>
  documentDecision({ ...facts, date: civilDate(date) }).row.insured;

describe('by its day', () => {
  it.each([
    ['old card, the last day of the transition', '2025-12-01', 'yes'],
    ['old card, the first day of leniency', '2025-12-02', 'conditional'],
    ['old card, the last day of leniency', '2026-07-31', 'conditional'],
    ['old card, the day after', '2026-08-01', 'no'],
    ['old card, before the cards ended', '2024-12-01', 'yes'],
  ])('%s', (_which, date, insured) => {
    expect(on(date, { document: 'old_card', reader: 'any' })).toBe(insured);
  });

  it.each([
    ['its printed last day', '2025-07-31', 'yes'],
    ['the day after, which is the first of the leniency', '2025-08-01', 'conditional'],
    ['the last day of the leniency', '2026-07-31', 'conditional'],
    ['the day after', '2026-08-01', 'no'],
  ])('a 国保 card on %s', (_which, date, insured) => {
    const facts = { document: 'old_card_kokuho', reader: 'online', cardValidTo: civilDate('2025-07-31') } as const;
    expect(on(date, facts)).toBe(insured);
    expect(on(date, { ...facts, document: 'old_card_kouki' })).toBe(insured);
  });

  it.each([
    ['国保, a day before the leniency', 'old_card_kokuho', '2025-07-31', 'no'],
    ['被用者保険, in the transition', 'old_card', '2025-12-01', 'no'],
    ['被用者保険, in the leniency', 'old_card', '2025-12-02', 'conditional'],
  ] as const)('a card past its printed date, %s', (_which, document, date, insured) => {
    expect(on(date, { document, reader: 'online', cardValidTo: civilDate('2025-06-30') })).toBe(insured);
  });

  it.each([
    ['the last day of the transition', '2025-12-01', 'no', 'conditional'],
    ['the first day of the leniency', '2025-12-02', 'conditional', 'conditional'],
    ['its last confirmed day', '2026-03-31', 'conditional', 'conditional'],
    ['the first day that sources leave open', '2026-04-01', 'unknown', 'unknown'],
    ['the last such day', '2026-07-31', 'unknown', 'unknown'],
    ['the day after', '2026-08-01', 'no', 'no'],
    ['the day before 国保 leniency', '2025-07-31', 'no', 'no'],
    ['the first day of 国保 leniency', '2025-08-01', 'no', 'conditional'],
  ])('the notice alone on %s', (_which, date, insured, insuredKokuho) => {
    expect(on(date, { document: 'shikaku_joho_oshirase', reader: 'online' })).toBe(insured);
    expect(on(date, { document: 'shikaku_joho_oshirase', reader: 'online', scheme: 'kokuho' })).toBe(insuredKokuho);
    expect(on(date, { document: 'mynaportal_screen', reader: 'online' })).toBe(insured);
  });

  it.each([
    ['2024-12-01', 'no'],
    ['2024-12-02', 'yes'],
    ['2030-11-30', 'yes'],
    ['2030-12-01', 'no'],
  ])('a 資格確認書 valid to 2030-11-30 on %s', (date, insured) => {
    expect(on(date, { document: 'shikaku_kakuninsho', reader: 'any', validTo: civilDate('2030-11-30') })).toBe(insured);
  });

  it.each([
    ['2025-09-18', true, 'no'],
    ['2025-09-19', true, 'yes'],
    ['2025-09-19', false, 'no'],
    ['2025-09-18', undefined, 'no'],
    ['2025-09-19', undefined, 'conditional'],
  ])('a phone on %s, clinic equipped %s', (date, clinicEquipped, insured) => {
    const equipped = clinicEquipped === undefined ? {} : { clinicEquipped };
    expect(on(date, { document: 'smartphone_registered', reader: 'online', ...equipped })).toBe(insured);
  });

  it.each([
    ['reader works', { reader: 'online' }, 'phone-clinic-not-known'],
    ['any reader', { reader: 'any' }, 'phone-clinic-not-known'],
    ['reader down', { reader: 'down' }, 'phone-without-reader'],
    ['certificate expired', { reader: 'online', certificate: 'expired' }, 'card-certificate-expired'],
    ['certificate revoked', { reader: 'online', certificate: 'revoked' }, 'card-certificate-expired'],
    ['no reader for phones', { reader: 'down', clinicEquipped: false }, 'phone-at-unequipped-clinic'],
  ] as const)('a phone at a clinic of which nothing more is told, %s', (_what, facts, situation) => {
    const decision = documentDecision({
      document: 'smartphone_registered',
      date: civilDate('2026-11-22'),
      ...facts,
    });
    expect(decision.situation).toBe(situation);
  });

  it.each([
    ['2026-03-31', 'shaho', 'conditional'],
    ['2026-11-22', 'shaho', 'no'],
    ['2025-08-01', 'kokuho', 'conditional'],
    ['2025-08-01', 'kouki', 'conditional'],
    ['2025-08-01', 'shaho', 'no'],
  ] as const)('the Mynaportal screen alone on %s, %s: %s, and it is called by its name', (date, scheme, insured) => {
    const { row } = documentDecision({
      document: 'mynaportal_screen',
      reader: 'online',
      date: civilDate(date),
      scheme,
    });
    expect(row.insured).toBe(insured);
    expect(row.condition.ja).toContain('マイナポータルの資格情報画面だけ');
    expect(row.condition.ja).not.toContain('お知らせ');
  });

  it('a phone is never a certain "no" for what was not told of the clinic', () => {
    const facts = { document: 'smartphone_registered', reader: 'online', date: civilDate('2026-11-22') } as const;
    expect(documentDecision(facts).row).toMatchObject({ insured: 'conditional', certainty: 'likely' });
    expect(documentDecision({ ...facts, reader: 'down' }).row).toMatchObject({ insured: 'unknown' });
  });

  it('a screen of the insurance before is not sent back to anybody', () => {
    const facts = { reader: 'any', date: civilDate('2026-11-22'), insurerUnchanged: false } as const;
    expect(documentDecision({ document: 'mynaportal_screen', ...facts }).row).toMatchObject({
      insured: 'no',
      nextStep: { ja: '新しい保険の資格を示すものを求めてください。' },
    });
    expect(documentDecision({ document: 'shikaku_joho_oshirase', ...facts }).row.nextStep.ja).toContain('返す');
  });
});

describe('the card', () => {
  it.each([
    ['valid, reader works', { reader: 'online', certificate: 'valid' }, 'yes'],
    ['in grace, reader works', { reader: 'online', certificate: 'grace' }, 'yes'],
    ['expired, nothing else', { reader: 'online', certificate: 'expired' }, 'no'],
    ['revoked, nothing else', { reader: 'online', certificate: 'revoked' }, 'no'],
    ['expired, repeat visit, reader works', { reader: 'online', certificate: 'expired', visit: 'repeat' }, 'no'],
    [
      'expired, with the notice',
      { reader: 'online', certificate: 'expired', supporting: 'shikaku_joho_oshirase' },
      'yes',
    ],
    ['expired, with the declaration', { reader: 'online', certificate: 'expired', supporting: 'moshitatesho' }, 'yes'],
    ['reader down, nothing else, first visit', { reader: 'down', visit: 'first' }, 'no'],
    ['reader down, repeat visit', { reader: 'down', visit: 'repeat' }, 'yes'],
    ['no reader, repeat visit', { reader: 'not_installed', visit: 'repeat' }, 'no'],
    ['no reader, with the screen', { reader: 'not_installed', supporting: 'mynaportal_screen' }, 'yes'],
    ['no data, with the declaration', { reader: 'no_data', supporting: 'moshitatesho' }, 'yes'],
    ['no data, nothing else', { reader: 'no_data', certificate: 'valid' }, 'no'],
  ] as const)('%s', (_which, facts, insured) => {
    expect(on('2026-11-22', { document: 'mynacard_registered', ...facts })).toBe(insured);
  });

  it.each([
    ['valid: registers at the reader', 'valid', 'yes'],
    ['in grace: too late to register', 'grace', 'no'],
    ['expired', 'expired', 'no'],
  ] as const)('not registered, %s', (_which, certificate, insured) => {
    expect(on('2026-11-22', { document: 'mynacard_unregistered', reader: 'online', certificate })).toBe(insured);
  });
});

it.each([
  ['old_card', {}],
  ['shikaku_kakuninsho', { validTo: civilDate('2030-11-30') }],
  ['shikaku_joho_oshirase', {}],
  ['shikaku_shomeisho', { validTo: civilDate('2030-11-30') }],
] as const)('%s of a lost qualification never makes a visit insured', (document, facts) => {
  expect(on('2025-12-15', { document, reader: 'any', insurerUnchanged: false, ...facts })).toBe('no');
});

it('never takes a paper alone for proof that a phone or nothing gives', () => {
  expect(on('2026-11-22', { document: 'none', reader: 'any' })).toBe('no');
  expect(on('2026-11-22', { document: 'smartphone_registered', reader: 'down', clinicEquipped: true })).toBe('unknown');
  expect(
    on('2026-11-22', {
      document: 'smartphone_registered',
      reader: 'online',
      clinicEquipped: true,
      certificate: 'expired',
    }),
  ).toBe('no');
  expect(on('1950-01-01', { document: 'none', reader: 'any' })).toBe('unknown');
});

it.each([
  ['2026-11-30', 'yes'],
  ['2026-12-01', 'no'],
])('the pension office’s certificate valid to 2026-11-30, on %s', (date, insured) => {
  expect(on(date, { document: 'shikaku_shomeisho', reader: 'any', validTo: civilDate('2026-11-30') })).toBe(insured);
});

it('has rows that follow one another without gap or overlap, in both languages', () => {
  for (const [situation, rows] of Object.entries(SITUATION_ROWS)) {
    for (const [at, row] of rows.entries()) {
      const next = rows[at + 1];
      expect([situation, row.effectiveTo]).toEqual([situation, next && addDays(next.effectiveFrom, -1)]);
      for (const text of [row.condition.ja, row.condition.en, row.nextStep.ja, row.nextStep.en, row.source]) {
        expect(text).not.toBe('');
      }
    }
  }
});
