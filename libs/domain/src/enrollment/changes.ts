import { addDays, earlier, later, type CivilDate } from '../calendar/index.js';
import type { Certainty } from '../certainty.js';
import { personAsOf, qualificationAsOf, type AsOf } from '../eligibility/changed-facts.js';
import type {
  FactChange,
  Identity,
  IncomeFacts,
  Instant,
  PersonFacts,
  QualificationFacts,
  ShownAtInsurer,
} from '../eligibility/facts.js';
import { deciding } from '../eligibility/filed-facts.js';

/** 変更: another from a day on. 訂正: what stands today had been filed wrong. */
export type ChangeKind = 'change' | 'correction';

export type ChangedAttribute =
  Exclude<keyof Identity, 'nameOfOtherKana' | 'sex2'> | keyof ShownAtInsurer | 'standardMonthlyRemuneration';

/** One attribute that may be filed as another while the coverage goes on, and which fact it changes. */
export interface ChangeableAttribute {
  readonly attribute: ChangedAttribute;
  readonly changes: 'identity' | 'shown-at-insurer' | 'income';
  /** One of the five by which the registry finds people: it is asked again. */
  readonly asksRegistry: boolean;
  /** Nobody's becomes another from a day on. */
  readonly onlyCorrected?: true;
  /** 標準報酬月額 holds for whole months. */
  readonly fromFirstOfMonth?: true;
  /** Whether the term of `change-filing` counts for it. */
  readonly hasTerm: boolean;
  readonly source: string;
  readonly certainty: Certainty;
}

const FIVE = 'マイナ保険証移行に関するご案内: 5情報をもとにJ-LIS照会';
const CARD = '資格情報のお知らせの記載事項 (健保規則51条の3)';

const identity = (
  attribute: Exclude<ChangedAttribute, keyof ShownAtInsurer | 'standardMonthlyRemuneration'>,
  asksRegistry: boolean,
  source: string,
): ChangeableAttribute => ({
  attribute,
  changes: 'identity',
  asksRegistry,
  hasTerm: true,
  source,
  certainty: 'likely',
});
const shown = (attribute: keyof ShownAtInsurer): ChangeableAttribute => ({
  attribute,
  changes: 'shown-at-insurer',
  asksRegistry: false,
  hasTerm: true,
  source: CARD,
  certainty: 'likely',
});

export const CHANGEABLE_ATTRIBUTES: readonly ChangeableAttribute[] = [
  identity('name', true, `健保規則28条・36条; ${FIVE}`),
  identity('nameKana', true, `健保規則28条・36条; ${FIVE}`),
  { ...identity('birthdate', true, FIVE), onlyCorrected: true },
  identity('sex1', true, FIVE),
  identity('address', true, `健保規則28条の2・36条の2; ${FIVE}`),
  identity('postNumber', false, '健保規則28条の2・36条の2'),
  identity('nameOfOther', false, 'OQSCD: NameOfOther (通称名)'),
  shown('insuredCardSymbol'),
  shown('insuredIdentificationNumber'),
  shown('insuredBranchNumber'),
  shown('personalFamilyClassification'),
  shown('insuredName'),
  {
    attribute: 'standardMonthlyRemuneration',
    changes: 'income',
    asksRegistry: false,
    fromFirstOfMonth: true,
    // 月額変更届 is due 速やかに: no number of days.
    hasTerm: false,
    source: '健保法43条, 健保規則26条',
    certainty: 'certain',
  },
];

/** What became another of some facts, and nothing else; null: it is no longer there. */
export type Another<T> = { readonly [K in keyof T]?: T[K] | null };

/** What was filed of one coverage. */
export interface FiledChange {
  readonly kind: ChangeKind;
  /** First day on which it is so; of a correction there is none. */
  readonly effectiveOn?: CivilDate;
  readonly identity: Another<Identity>;
  readonly shown: Another<ShownAtInsurer>;
  /** In yen. */
  readonly standardMonthlyRemuneration?: number;
}

const attributesOf = ({ identity, shown, standardMonthlyRemuneration }: FiledChange): readonly ChangeableAttribute[] =>
  CHANGEABLE_ATTRIBUTES.filter(({ attribute }) =>
    attribute === 'standardMonthlyRemuneration'
      ? standardMonthlyRemuneration !== undefined
      : attribute in identity || attribute in shown,
  );

/** Whether the registry is asked before it is recorded. */
export const asksRegistry = (filed: FiledChange): boolean => attributesOf(filed).some((row) => row.asksRegistry);

/** Whether it is due within the term of `change-filing`, counted from its first day. */
export const hasChangeTerm = (filed: FiledChange): boolean => attributesOf(filed).some((row) => row.hasTerm);

/** Why a change cannot be filed so. */
export interface ChangeRefusal {
  readonly because:
    | 'nothing-changed'
    | 'day-needed'
    | 'day-of-correction'
    | 'correction-only'
    | 'not-in-force-yet'
    | 'too-far-ahead'
    | 'not-the-first-of-a-month';
  readonly attribute?: ChangedAttribute;
}

const DAYS_AHEAD = 366;

/** Everything that is wrong with it, whatever coverage it is about. `today`: the Tokyo day on which it is filed. */
export const refusalsOfChange = (filed: FiledChange, today: CivilDate): readonly ChangeRefusal[] => {
  const attributes = attributesOf(filed);
  if (attributes.length === 0) return [{ because: 'nothing-changed' }];
  const { effectiveOn } = filed;
  if (filed.kind === 'correction') return effectiveOn === undefined ? [] : [{ because: 'day-of-correction' }];
  if (effectiveOn === undefined) return [{ because: 'day-needed' }];
  if (effectiveOn > addDays(today, DAYS_AHEAD)) return [{ because: 'too-far-ahead' }];
  return attributes.flatMap(({ attribute, onlyCorrected, fromFirstOfMonth, ...row }): ChangeRefusal[] => {
    if (onlyCorrected === true) return [{ because: 'correction-only', attribute }];
    // The registry says what is so today.
    if (row.asksRegistry && effectiveOn > today) return [{ because: 'not-in-force-yet', attribute }];
    if (fromFirstOfMonth === true && !effectiveOn.endsWith('-01'))
      return [{ because: 'not-the-first-of-a-month', attribute }];
    return [];
  });
};

/** Why a coverage cannot be changed so. */
export type CoverageRefusal = 'before-coverage' | 'after-coverage' | 'no-remuneration-in-scheme';

/** A change begins while the coverage holds; remuneration is of 健保 alone. */
export const coverageRefusal = (
  { effectiveOn, standardMonthlyRemuneration }: FiledChange,
  { acquiredOn, lostOn, scheme }: { acquiredOn: CivilDate; lostOn?: CivilDate; scheme: string },
): CoverageRefusal | undefined => {
  if (effectiveOn !== undefined && effectiveOn < acquiredOn) return 'before-coverage';
  if (effectiveOn !== undefined && lostOn !== undefined && effectiveOn >= lostOn) return 'after-coverage';
  return standardMonthlyRemuneration !== undefined && scheme !== 'shaho' ? 'no-remuneration-in-scheme' : undefined;
};

/** What is to be recorded: nothing that is so already. */
export interface ChangesMade {
  readonly identity: readonly Omit<FactChange<Identity>, 'recordedAt'>[];
  readonly shown: readonly Omit<FactChange<ShownAtInsurer>, 'recordedAt'>[];
  readonly income?: { readonly from: CivilDate; readonly to?: CivilDate; readonly facts: IncomeFacts };
}

export const isNothing = ({ identity, shown, income }: ChangesMade): boolean =>
  identity.length === 0 && shown.length === 0 && income === undefined;

/** Since when an attribute has been what it is on a day: the change that made it so, or undefined, as from the start. */
const sinceWhen = <T>(
  changes: readonly FactChange<T>[] = [],
  attribute: keyof T,
  { serviceDate, knownAt }: AsOf,
): CivilDate | undefined =>
  changes
    .filter(
      ({ from, recordedAt, changed, removed }) =>
        (attribute in changed || removed?.includes(attribute) === true) &&
        recordedAt <= knownAt &&
        (from === undefined || from <= serviceDate),
    )
    .map(({ from }) => from)
    .reduce<CivilDate | undefined>(
      (last, from) => (from !== undefined && (last ?? '') < from ? from : last),
      undefined,
    );

/** `filed` as rows, one for each day from which some of it holds; what is so already is left out. */
const rowsOf = <T extends object>(
  filed: Another<T>,
  now: Partial<T>,
  from: (attribute: keyof T) => CivilDate | undefined,
): readonly Omit<FactChange<T>, 'recordedAt'>[] => {
  const differing = (Object.keys(filed) as (keyof T)[]).filter((key) => (filed[key] ?? undefined) !== now[key]);
  return [...Map.groupBy(differing, from)].map(([day, keys]) => {
    const removed = keys.filter((key) => filed[key] === null);
    return {
      ...(day === undefined ? {} : { from: day }),
      changed: Object.fromEntries(
        keys.filter((key) => !removed.includes(key)).map((key) => [key, filed[key]]),
      ) as Partial<T>,
      ...(removed.length === 0 ? {} : { removed }),
    };
  });
};

const EMPLOYEE = { scheme: 'shaho', insuredNonTaxable: false, incomeExemptionGranted: false } as const;

/** What is filed of remuneration leaves everything else that decides the category as it was. */
export const withRemuneration = (
  before: IncomeFacts | undefined,
  standardMonthlyRemuneration: number,
): IncomeFacts => ({
  ...(before?.scheme === 'shaho' ? before : EMPLOYEE),
  standardMonthlyRemuneration,
});

const incomeOf = (
  { income, acquiredOn }: QualificationFacts,
  { effectiveOn, standardMonthlyRemuneration }: FiledChange,
  asOf: AsOf,
): ChangesMade['income'] => {
  if (standardMonthlyRemuneration === undefined) return undefined;
  const before = deciding(income, { ...asOf, askedOn: asOf.serviceDate })?.fact;
  if (before?.facts.scheme === 'shaho' && before.facts.standardMonthlyRemuneration === standardMonthlyRemuneration)
    return undefined;
  const facts = withRemuneration(before?.facts, standardMonthlyRemuneration);
  if (effectiveOn !== undefined) return { from: effectiveOn, facts };
  return { from: before?.from ?? acquiredOn, ...(before?.to === undefined ? {} : { to: before.to }), facts };
};

type When = { readonly today: CivilDate; readonly knownAt: Instant };

/** What a filing comes to for the person, as of a day: see `changesMade`. */
export const identityMade = (
  person: PersonFacts,
  { identity, effectiveOn }: Pick<FiledChange, 'identity' | 'effectiveOn'>,
  { today, knownAt }: When,
): ChangesMade['identity'] => {
  const asOf = { serviceDate: effectiveOn ?? today, knownAt };
  return rowsOf<Identity>(
    identity,
    personAsOf(person, asOf).identity,
    (attribute) => effectiveOn ?? sinceWhen(person.identityChanges, attribute, asOf),
  );
};

/**
 * What a filing comes to. A change holds from its day on, until one that was filed for a later day. A correction takes the place of what stands
 * today, from the day since which it has stood so; what was before that, and changed since, it leaves alone.
 */
export const changesMade = (
  person: PersonFacts,
  qualification: QualificationFacts,
  filed: FiledChange,
  when: When,
): ChangesMade => {
  const { acquiredOn, loss, changes } = qualification;
  // The last day of a coverage that is over, and the first of one that has not begun.
  const held = later(acquiredOn, loss === undefined ? when.today : earlier(when.today, addDays(loss.lostOn, -1)));
  const asOf = { serviceDate: filed.effectiveOn ?? held, knownAt: when.knownAt };
  const income = incomeOf(qualification, filed, asOf);
  return {
    identity: identityMade(person, filed, when),
    shown: rowsOf<ShownAtInsurer>(
      filed.shown,
      qualificationAsOf(qualification, asOf),
      (attribute) => filed.effectiveOn ?? sinceWhen(changes, attribute, asOf),
    ),
    ...(income === undefined ? {} : { income }),
  };
};

/** 標準報酬月額 on a day, where one was filed. */
export const remunerationOn = ({ income }: QualificationFacts, asOf: AsOf): number | undefined => {
  const facts = deciding(income, { ...asOf, askedOn: asOf.serviceDate })?.fact.facts;
  return facts?.scheme === 'shaho' ? facts.standardMonthlyRemuneration : undefined;
};

/** The person as they will be on a day once this is recorded. */
export const identityOnceMade = (person: PersonFacts, { identity }: ChangesMade, on: CivilDate): Identity =>
  personAsOf(
    {
      ...person,
      identityChanges: [
        ...(person.identityChanges ?? []),
        ...identity.map((change) => ({ ...change, recordedAt: Infinity })),
      ],
    },
    { serviceDate: on, knownAt: Infinity },
  ).identity;

/** Whether what was filed is what will stand on a day: a change from a day before another one is over by then, and nobody can confirm it. */
export const isInForceOn = (person: PersonFacts, filed: FiledChange, made: ChangesMade, on: CivilDate): boolean => {
  const identity = identityOnceMade(person, made, on);
  return (Object.keys(filed.identity) as (keyof Identity)[]).every(
    (attribute) => (filed.identity[attribute] ?? undefined) === identity[attribute],
  );
};
