/**
 * SQL that writes a person as JSON. The text is put together by `concat`, piece by piece: `json_build_object` looks up the type of
 * every value of every row, and `json_strip_nulls` reads the whole once more to leave out what is null. A person of a
 * snapshot takes PostgreSQL 27 µs of processor time so; by those functions it was 45.
 *
 * What comes out has no spaces, dates as `YYYY-MM-DD`, instants as epoch milliseconds, and nothing that is null; a test holds it
 * against what those functions write.
 */

/** Arguments of `concat`: SQL for a value, or a literal. What is null is passed over. */
type Pieces = readonly string[];

interface Field {
  readonly name: string;
  /** Its value as JSON text. */
  readonly value: Pieces;
  /** The value is one piece that may be null: then the name is left out too. */
  readonly optional?: true;
}

const LITERAL = /^'[^']*'$/;

/** Literals that follow each other become one: a piece costs the same, however short. */
const concat = (pieces: Pieces): string => {
  const joined: string[] = [];
  for (const piece of pieces) {
    const before = joined.at(-1) ?? '';
    if (LITERAL.test(piece) && LITERAL.test(before)) joined.splice(-1, 1, before.slice(0, -1) + piece.slice(1));
    else joined.push(piece);
  }
  return `concat(${joined.join(', ')})`;
};

/** Milliseconds since 1970. */
export const epoch = (column: string): string => `(extract(epoch from ${column}) * 1000)::bigint`;

const escaped = (column: string): string => `to_json(${column})`;

/** A column that may not be null: text, a date, a number or a boolean. */
const given = (name: string, column: string): Field => ({ name, value: [escaped(column)] });
/** A column that may be null. */
const ifAny = (name: string, column: string): Field => ({ name, value: [`${escaped(column)}::text`], optional: true });
const instant = (name: string, column: string): Field => ({ name, value: [epoch(column)] });
/** A number that is written as text, since it may be larger than JavaScript's. */
const id = (name: string, column: string): Field => ({ name, value: [`'"'`, column, `'"'`] });

/** The first field is none that may be left out. */
const object = (...fields: readonly Field[]): Pieces => [
  ...fields.flatMap(({ name, value, optional }, place) => {
    const head = `'${place === 0 ? '{' : ','}"${name}":'`;
    return optional ? [`${head} || ${value.join()}`] : [head, ...value];
  }),
  `'}'`,
];

/** `of`: what is written of a row. */
const listOf = (of: Pieces, order: string): string => `string_agg(${concat(of)}, ',' order by ${order})`;

const array = (list: string): Pieces => [`'['`, list, `']'`];

/** Facts `f` of qualification `q` that hold from a day to a day. `onlyIf`: a condition without which they need not be looked for. */
const dated = (name: string, table: string, fields: readonly Field[], onlyIf?: string): Field => {
  const list = `(select ${listOf(
    object(given('from', 'f.valid_from'), ifAny('to', 'f.valid_to'), instant('recordedAt', 'f.recorded_at'), ...fields),
    'f.valid_from, f.id',
  )}
    from ${table} f where f.qualification_id = q.qualification_id)`;
  return { name, value: array(onlyIf === undefined ? list : `case when ${onlyIf} then ${list} end`) };
};

/** Rows `f` of something that was filed as another, as a list that is left out where there are none. */
const changeList = (where: string): Field => ({
  name: 'changes',
  value: [
    `(select '[' || ${listOf(
      object(
        { name: 'changed', value: [`json_strip_nulls(${escaped('f.changed')})`] },
        ifAny('removed', 'f.removed'),
        ifAny('from', 'f.valid_from'),
        instant('recordedAt', 'f.recorded_at'),
      ),
      'f.change_id',
    )} || ']' from ${where})`,
  ],
  optional: true,
});

const IDENTITY = object(
  given('name', 'p.name'),
  given('nameKana', 'p.name_kana'),
  ifAny('nameOfOther', 'p.name_of_other'),
  ifAny('nameOfOtherKana', 'p.name_of_other_kana'),
  given('sex1', 'p.sex1'),
  ifAny('sex2', 'p.sex2'),
  given('birthdate', 'p.birthdate'),
  ifAny('address', 'p.address'),
  ifAny('postNumber', 'p.post_number'),
);

const INSURER = object(
  given('insurerNumber', 'i.insurer_number'),
  given('insurerName', 'i.insurer_name'),
  given('scheme', 'i.scheme'),
);

const LOSS = object(given('lostOn', 'q.lost_on'), ifAny('reasonOfLoss', 'q.reason_of_loss'), {
  ...instant('recordedAt', 'q.loss_recorded_at'),
  optional: true,
});

const isAmong = (table: string, among: string): string =>
  `q.qualification_id in (select f.qualification_id from ${table} f where f.qualification_id = any(${among}))`;

const ifAmong = (among: string | undefined, table: string, field: Field): Field =>
  among === undefined
    ? field
    : { ...field, value: [`case when ${isAmong(table, among)} then ${field.value.join()} end`] };

/**
 * Of qualification `q` at insurer `i`, in the order in which they began. `among`: SQL for the ids of all that are read, as an array.
 * Few have a certificate or a ticket: to find out of all at once who has takes 3 µs a person less than to look into each table for each.
 */
const qualifications = (among?: string): string => {
  const rare = (name: string, table: string, ...fields: readonly Field[]): Field =>
    dated(name, table, fields, among && isAmong(table, among));
  return listOf(
    object(
      id('qualificationId', 'q.qualification_id'),
      { name: 'insurer', value: INSURER },
      given('insuredCardClassification', 'q.insured_card_classification'),
      ifAny('insuredCardSymbol', 'q.insured_card_symbol'),
      given('insuredIdentificationNumber', 'q.insured_identification_number'),
      ifAny('insuredBranchNumber', 'q.insured_branch_number'),
      given('personalFamilyClassification', 'q.personal_family_classification'),
      ifAny('insuredName', 'q.insured_name'),
      given('acquiredOn', 'q.acquired_on'),
      given('disabilityCertified', 'q.disability_certified'),
      { name: 'loss', value: [`case when q.lost_on is not null then ${concat(LOSS)} end`], optional: true },
      given('availableFrom', 'q.available_from'),
      instant('recordedAt', 'q.recorded_at'),
      ifAny('insuredCertificateIssuanceDate', 'q.insured_certificate_issuance_date'),
      ifAny('insuredCardValidDate', 'q.insured_card_valid_date'),
      ifAny('insuredCardExpirationDate', 'q.insured_card_expiration_date'),
      // What an insurer filed may have spaces and nulls of its own.
      dated('income', 'income_assessment', [{ name: 'facts', value: [`json_strip_nulls(${escaped('f.facts')})`] }]),
      rare(
        'copayCertificates',
        'copay_certificate',
        given('kind', 'f.kind'),
        given('ratePercent', 'f.rate_percent'),
        ifAny('issuedOn', 'f.issued_on'),
      ),
      rare(
        'limitCertificates',
        'limit_certificate',
        given('classification', 'f.classification'),
        given('classificationFlag', 'f.classification_flag'),
        ifAny('issuedOn', 'f.issued_on'),
        ifAny('longTermOn', 'f.long_term_on'),
      ),
      rare(
        'specificDiseases',
        'specific_disease_certificate',
        given('category', 'f.category'),
        given('selfPayYen', 'f.self_pay_yen'),
        ifAny('issuedOn', 'f.issued_on'),
      ),
      rare(
        'tickets',
        'medical_ticket',
        given('ticketType', 'f.ticket_type'),
        ifAny('issueNumber', 'f.issue_number'),
        given('treatmentMonth', 'f.treatment_month'),
        given('designatedMedicalInstitutionCode', 'f.designated_medical_institution_code'),
        ifAny('designatedMedicalInstitutionName', 'f.designated_medical_institution_name'),
        ifAny('medicalTreatmentType', 'f.medical_treatment_type'),
        ifAny('selfPayAmountYen', 'f.self_pay_amount_yen'),
        ifAny('singleOrCombinedUse', 'f.single_or_combined_use'),
      ),
      ifAmong(among, 'coverage_change', changeList('coverage_change f where f.qualification_id = q.qualification_id')),
    ),
    'q.acquired_on, q.qualification_id',
  );
};

const REFERENCE_NUMBERS = listOf(
  object(given('institutionCode', 'r.institution_code'), given('referenceNumber', 'r.reference_number')),
  'r.institution_code',
);

/** Of person `p`: few have any, and one look into the index says so. */
const IDENTITY_CHANGES: Field = {
  ...changeList('identity_change f where f.person_id = p.person_id'),
  name: 'identityChanges',
};

const factsWith = (qualifications: string, referenceNumbers: string): Pieces =>
  object(
    id('personId', 'p.person_id'),
    { name: 'identity', value: IDENTITY },
    IDENTITY_CHANGES,
    { name: 'qualifications', value: array(qualifications) },
    { name: 'referenceNumbers', value: array(referenceNumbers) },
  );

/** Person `p` as `PersonFacts`. */
export const FACTS = `${concat(
  factsWith(
    `(select ${qualifications()} from qualification q join insurer i using (insurer_number) where q.person_id = p.person_id)`,
    `(select ${REFERENCE_NUMBERS} from reference_number r where r.person_id = p.person_id)`,
  ),
)}::json`;

/** Who person `p` is, as `PersonFacts` without coverage: the whole takes PostgreSQL milliseconds to plan, for one person as for many. */
export const IDENTITY_FACTS = `${concat(factsWith('null', 'null'))}::json`;

/** Person `p` as `PersonFacts`, with their coverage at one insurer alone and nobody's reference numbers. */
export const factsAtInsurer = (insurerNumber: string): string =>
  `${concat(
    factsWith(
      `(select ${qualifications()} from qualification q join insurer i using (insurer_number)
      where q.person_id = p.person_id and q.insurer_number = ${insurerNumber})`,
      'null',
    ),
  )}::json`;

const CERTIFICATES = listOf(
  object(
    given('serial', 'c.serial'),
    given('status', 'c.status'),
    ifAny('notAfter', 'c.not_after'),
    instant('verifiedAt', 'c.verified_at'),
    ifAny('supersededBy', 'c.superseded_by'),
  ),
  'c.serial',
);

const NUMBERS = listOf(
  [`'['`, escaped('q.insurer_number'), `','`, escaped('q.number_key'), `']'`],
  'q.qualification_id',
);

/** Whoever has a changed number has one that it was before. */
const ALL_NUMBERS = `qs.numbers || coalesce(ns.numbers, '')`;

/** Numbers that coverages of these people have, had or will have beside those they were registered with. */
const changedNumbers = (which: (column: string) => string): string => `
  select q.person_id, string_agg(${concat([`',['`, escaped('q.insurer_number'), `','`, escaped('f.number_key'), `']'`])}, '' order by f.change_id) as numbers
  from coverage_change f join qualification q using (qualification_id) where f.number_key is not null and ${which('q.person_id')} group by q.person_id`;

/**
 * Many people as the replica seals them: each a `PersonRow` as text, and under what it is found. Their rows are read side by
 * side in order of the person, which takes two thirds of what one person after another does. `which` says who, of a column;
 * $2 names the insurers whose people are held.
 */
export const peopleWhere = (which: (column: string) => string): string => `
with read as materialized (select array_agg(q.qualification_id) as ids from qualification q where ${which('q.person_id')}),
     qs as (
       select q.person_id, ${qualifications('(select ids from read)::bigint[]')} as rows, ${NUMBERS} as numbers, bool_or(q.insurer_number = any($2::text[])) as held
       from qualification q join insurer i using (insurer_number) where ${which('q.person_id')} group by q.person_id),
     rs as (select r.person_id, ${REFERENCE_NUMBERS} as rows from reference_number r where ${which('r.person_id')} group by r.person_id),
     cs as (
       select c.person_id, ${CERTIFICATES} as rows, json_agg(c.serial order by c.serial) as serials
       from credential c where ${which('c.person_id')} group by c.person_id),
     ns as (${changedNumbers(which)})
select p.person_id::text as "personId", coalesce(cs.serials, '[]') as serials, ${concat(array(ALL_NUMBERS))}::json as numbers,
       ${concat(
         object(
           { name: 'facts', value: factsWith('qs.rows', 'rs.rows') },
           { name: 'certificates', value: array('cs.rows') },
           { name: 'numbers', value: array(ALL_NUMBERS) },
         ),
       )} as text
from person p left join qs using (person_id) left join rs using (person_id) left join cs using (person_id) left join ns using (person_id)
where ${which('p.person_id')} and (cardinality($2::text[]) = 0 or qs.held)
order by p.person_id`;
