/**
 * Every problem this service reports, in one place. A `code` never changes its meaning. `owner` says whom an alert wakes:
 * the caller sent something wrong, the registry is away, or we are at fault. `clerk` is shown at the counter, `vendor` is
 * for whoever wrote the calling program. `docs/errors.md` is generated from here and compared with it by a test.
 */
export interface ProblemDefinition {
  readonly status: number;
  readonly owner: 'caller' | 'registry' | 'us';
  readonly title: string;
  /** Whether the same request may succeed later, unchanged. */
  readonly retryable: boolean;
  readonly vendor: string;
  readonly clerk?: { readonly ja: string; readonly en: string };
  /** A clerk may be left without an answer: the reply holds what to ask the patient for (`fallback`). */
  readonly fallback?: true;
}

const askPatient = {
  ja: '今は資格を確認できません。画面の「本日の対応」にある書類を患者さんに確認してください。「資格なし」ではありません。',
  en: 'Coverage cannot be confirmed right now. Ask the patient for one of the documents listed. This does not mean "not covered".',
} as const;

export const problems = {
  'malformed-request': {
    status: 400,
    owner: 'caller',
    title: 'What was sent is not an HTTP request',
    retryable: false,
    vendor: 'The request line, a header or the framing of the body breaks RFC 9112. The connection is closed.',
  },
  'malformed-json': {
    status: 400,
    owner: 'caller',
    title: 'The body is not JSON',
    retryable: false,
    vendor: 'Send one JSON object in UTF-8 with Content-Type: application/json.',
  },
  'malformed-message': {
    status: 400,
    owner: 'caller',
    title: 'The body is no message of the national system',
    retryable: false,
    vendor:
      'No message can answer it: not well-formed, in another encoding than it declares, too large, or with a DTD. errors[0].code is what a .err file would say.',
  },
  'invalid-request': {
    status: 400,
    owner: 'caller',
    title: 'The request does not have the documented shape',
    retryable: false,
    vendor: 'See errors[]: each names a field by JSON pointer, a stable code and what is expected there.',
  },
  'invalid-header': {
    status: 400,
    owner: 'caller',
    title: 'A header does not have the documented form',
    retryable: false,
    vendor: 'See errors[]: the pointer names the header.',
  },
  'token-missing': {
    status: 401,
    owner: 'caller',
    title: 'An access token is needed',
    retryable: false,
    vendor: 'Get one at POST /oauth/token and send it as Authorization: Bearer.',
  },
  'token-invalid': {
    status: 401,
    owner: 'caller',
    title: 'The access token is not acceptable',
    retryable: false,
    vendor:
      'It may have expired (tokens live 10 minutes), be meant for another audience, or be damaged. Get a new one.',
  },
  'proof-invalid': {
    status: 401,
    owner: 'caller',
    title: 'The proof of possession is not acceptable',
    retryable: false,
    vendor:
      'The token is bound to a key: send it as Authorization: DPoP with one DPoP header, a new proof for each request (RFC 9449), made with that key for this method and address.',
  },
  'proof-nonce-needed': {
    status: 401,
    owner: 'caller',
    title: 'The proof of possession needs a nonce',
    retryable: true,
    vendor:
      'Make the proof anew with the nonce in the DPoP-Nonce header (RFC 9449 section 8), and send the request again.',
  },
  'scope-missing': {
    status: 403,
    owner: 'caller',
    title: 'The access token does not carry the scope this call needs',
    retryable: false,
    vendor: 'The scope that is needed stands in the WWW-Authenticate header.',
  },
  'institution-missing': {
    status: 403,
    owner: 'caller',
    title: 'The access token names no institution',
    retryable: false,
    vendor: 'Checks are asked by a clinic or pharmacy: the token needs the claim institution_code.',
  },
  'insurer-missing': {
    status: 403,
    owner: 'caller',
    title: 'The access token names no insurer',
    retryable: false,
    vendor: 'Filings and documents are an insurer’s: the token needs the claim insurer_number.',
  },
  'two-factors-needed': {
    status: 403,
    owner: 'caller',
    title: 'A person is needed who proved themselves by two factors',
    retryable: false,
    vendor:
      'The access token has to name the person (act.sub) and two factors of different kinds, or mfa (amr, RFC 8176). A client alone decides nothing.',
  },
  'not-found': {
    status: 404,
    owner: 'caller',
    title: 'There is nothing here',
    retryable: false,
    vendor: 'The address is not one of those that the OpenAPI document lists.',
  },
  'check-not-found': {
    status: 404,
    owner: 'caller',
    title: 'No such check of yours',
    retryable: false,
    vendor: 'A check is readable by the institution that asked it; one given by another machine appears within 5 s.',
  },
  'batch-not-found': {
    status: 404,
    owner: 'caller',
    title: 'No such batch of yours',
    retryable: false,
    vendor:
      'A batch is readable by the institution that submitted it, until keptUntil: 48 hours after it ended unless the operator chose otherwise.',
  },
  'enrollment-not-found': {
    status: 404,
    owner: 'caller',
    title: 'No such filing of yours',
    retryable: false,
    vendor: 'A filing is readable by the insurer that filed it.',
  },
  'import-not-found': {
    status: 404,
    owner: 'caller',
    title: 'No such import of yours',
    retryable: false,
    vendor: 'An import is readable by the insurer that filed it.',
  },
  'qualification-not-found': {
    status: 404,
    owner: 'caller',
    title: 'No such coverage of yours',
    retryable: false,
    vendor: 'A coverage is known by the qualificationId of its filing, to the insurer that filed it.',
  },
  'person-not-found': {
    status: 404,
    owner: 'caller',
    title: 'No such insured person of yours',
    retryable: false,
    vendor: 'A person is known to the insurers at which they are or were insured.',
  },
  'method-not-allowed': {
    status: 405,
    owner: 'caller',
    title: 'This address does not know that method',
    retryable: false,
    vendor: 'The Allow header lists the methods it knows.',
  },
  'not-acceptable': {
    status: 406,
    owner: 'caller',
    title: 'None of the accepted media types can be produced',
    retryable: false,
    vendor:
      'Answers are application/json, documents application/json or application/pdf, results of a batch and rows of an import application/x-ndjson; accept that or */*.',
  },
  'request-timeout': {
    status: 408,
    owner: 'caller',
    title: 'The request did not arrive in time',
    retryable: true,
    vendor: 'A request has 30 seconds to arrive whole. The connection is closed.',
  },
  'body-too-large': {
    status: 413,
    owner: 'caller',
    title: 'The body is too large',
    retryable: false,
    vendor: 'A request may hold 64 KiB, a batch or an import 8 MiB.',
  },
  'unsupported-media-type': {
    status: 415,
    owner: 'caller',
    title: 'The body is of a media type this call does not read',
    retryable: false,
    vendor:
      'Send application/json (application/x-www-form-urlencoded at /oauth/token; text/csv in UTF-8 or Shift_JIS for an import).',
  },
  'issue-date-out-of-range': {
    status: 422,
    owner: 'caller',
    title: 'A document cannot be issued as of that day',
    retryable: false,
    vendor: 'issuedOn lies between 2015-01-01 and today.',
  },
  'not-insured-on-day': {
    status: 422,
    owner: 'caller',
    title: 'The person is not insured with you on that day',
    retryable: false,
    vendor:
      'Coverage begins on the day acquired and is over on the day lost; on the 75th birthday every insurance but 後期 is over.',
  },
  'medical-aid-has-no-documents': {
    status: 422,
    owner: 'caller',
    title: 'Medical aid issues none of these documents',
    retryable: false,
    vendor: 'Under 医療扶助 the welfare office issues medical tickets (医療券).',
  },
  'document-not-yet-issued': {
    status: 422,
    owner: 'caller',
    title: 'The document is not issued to this person on that day',
    retryable: false,
    vendor:
      'detail names the day from which it is: each kind of member has its dates, and the notice with the last four digits was sent once, in the last third of August 2024.',
  },
  'certificate-instead-of-notice': {
    status: 422,
    owner: 'caller',
    title: 'The person gets a qualification certificate, and so no notice',
    retryable: false,
    vendor: 'Read …/qualification-certificate instead.',
  },
  'card-instead-of-certificate': {
    status: 422,
    owner: 'caller',
    title: 'The person has a card that serves, and so gets no certificate',
    retryable: false,
    vendor:
      'With application=cannot-use-card a certificate is issued beside the card, to who cannot use it and applied.',
  },
  'card-not-registered': {
    status: 422,
    owner: 'caller',
    title: 'The person has no registered card that serves',
    retryable: false,
    vendor: 'Only who can sign in to マイナポータル with a registered card sees that screen.',
  },
  'validity-out-of-range': {
    status: 422,
    owner: 'caller',
    title: 'A certificate cannot end on that day',
    retryable: false,
    vendor: 'validTo lies between the day of issue and five years from it; detail names both.',
  },
  'copay-rate-not-on-record': {
    status: 422,
    owner: 'caller',
    title: 'Nothing on record decides the rate that the document must show',
    retryable: false,
    vendor: 'From 70 on the rate is printed: file the income assessment or the 高齢受給者証 first.',
  },
  'last-four-digits-unavailable': {
    status: 422,
    owner: 'us',
    title: 'The last four digits of the individual number cannot be had',
    retryable: false,
    vendor: 'The notice with digits is not issued without them. No number is on record, or none can be opened here.',
  },
  'character-without-glyph': {
    status: 422,
    owner: 'us',
    title: 'The font of the PDF has no glyph for a character',
    retryable: false,
    vendor:
      'See errors[]: each names a field of the JSON and the code point. Nothing is left out or replaced; the same document as application/json is whole.',
  },
  'service-date-out-of-range': {
    status: 422,
    owner: 'caller',
    title: 'The service date is outside the range that can be answered',
    retryable: false,
    vendor: 'serviceDate may lie from 2015-01-01 to one year after today in Asia/Tokyo.',
  },
  'birthdate-in-future': {
    status: 422,
    owner: 'caller',
    title: 'The birthdate lies after the service date',
    retryable: false,
    vendor: 'Check the birthdate of the insured person.',
  },
  'qualification-date-out-of-range': {
    status: 422,
    owner: 'caller',
    title: 'The qualification date is not one that can be filed',
    retryable: false,
    vendor: 'From 2015-01-01 to one year ahead, in Asia/Tokyo.',
  },
  'card-not-usable': {
    status: 422,
    owner: 'caller',
    title: 'The card cannot be registered',
    retryable: false,
    vendor:
      'See detail: its certificate is expired, revoked, superseded or nobody’s. A renewed card has another serial.',
  },
  'nothing-to-review': {
    status: 409,
    owner: 'caller',
    title: 'The filing does not wait for people',
    retryable: false,
    vendor: 'It is on its way, or has come to its end, perhaps a moment ago. Read it again.',
  },
  'not-a-candidate': {
    status: 422,
    owner: 'caller',
    title: 'The registry does not name this person by all five attributes',
    retryable: false,
    vendor: 'Choose one of the candidates as they are now, or return the filing.',
  },
  'loss-refused': {
    status: 422,
    owner: 'caller',
    title: 'The loss does not fit the coverage',
    retryable: false,
    vendor:
      'See detail: it would lie before the coverage began, or let it reach into another one. Nothing was changed.',
  },
  'change-refused': {
    status: 422,
    owner: 'caller',
    title: 'The change does not fit the coverage',
    retryable: false,
    vendor:
      'See errors[]: each names the field and what is wrong with it, such as a change that begins before the coverage, or a name that is to change after today. Nothing was kept.',
  },
  'rule-refused': {
    status: 422,
    owner: 'caller',
    title: 'The rule does not answer this input',
    retryable: false,
    vendor:
      'Well-formed, and against the rule: a birth date in the future, a category that does not exist for that age, a month before the first table. See errors[]: each names the field, a stable code and what the rule expects; `detail` names the rule.',
  },
  'batch-item-repeated': {
    status: 422,
    owner: 'caller',
    title: 'Two people of the batch have the same itemId',
    retryable: false,
    vendor: 'See errors[]: each names a person whose itemId stands before it already. Nothing was accepted.',
  },
  'idempotency-key-reused': {
    status: 422,
    owner: 'caller',
    title: 'The Idempotency-Key was used with another request',
    retryable: false,
    vendor:
      'Use a new key for every different request; a key is remembered for 10 minutes, that of a batch for 24 hours.',
  },
  'too-many-requests': {
    status: 429,
    owner: 'caller',
    title: 'Too many requests',
    retryable: true,
    vendor:
      'Your client has asked more than its quota. Wait as long as Retry-After says. RateLimit and RateLimit-Policy come with every reply when less than half of it is left.',
  },
  'too-many-guesses': {
    status: 429,
    owner: 'caller',
    title: 'Too many questions about numbers that nobody has',
    retryable: true,
    vendor:
      'Your client has asked about many different numbers or birthdates that are nobody’s within an hour. Until the hour is over a few questions by number are worked on at once, and each that finds nobody takes seconds; questions by card are answered as ever. Look for what sends wrong numbers.',
    clerk: {
      ja: '該当者のない番号での照会が続いているため、番号での確認を一時的に制限しています。少し待つか、マイナンバーカードで確認してください。「資格なし」ではありません。',
      en: 'Many numbers that are nobody’s have been asked about from here, so questions by number are limited for a while. Wait a moment, or use the card. This does not mean "not covered".',
    },
    fallback: true,
  },
  'too-many-batches': {
    status: 429,
    owner: 'caller',
    title: 'Too many of your batches are unfinished',
    retryable: true,
    vendor: 'Wait until one of them has finished, or cancel one.',
  },
  'headers-too-large': {
    status: 431,
    owner: 'caller',
    title: 'The headers are too large',
    retryable: false,
    vendor:
      'Request line and headers may hold 16 KiB together; an access token is under 4 KiB. The connection is closed.',
  },
  'internal-error': {
    status: 500,
    owner: 'us',
    title: 'Something went wrong on our side',
    retryable: true,
    vendor: 'The request may be sent again. Quote the instance when you report it.',
    clerk: {
      ja: '今は資格を確認できません。資格確認書などの書類で確認してください。「資格なし」ではありません。',
      en: 'Coverage cannot be confirmed right now. Confirm it with a document such as the qualification certificate. This does not mean "not covered".',
    },
    fallback: true,
  },
  'answer-unavailable': {
    status: 503,
    owner: 'registry',
    title: 'The answer cannot be given now',
    retryable: true,
    vendor: 'Neither "covered" nor "not covered": show the fallback documents and ask again after Retry-After seconds.',
    clerk: askPatient,
    fallback: true,
  },
  overloaded: {
    status: 503,
    owner: 'us',
    title: 'More checks come in than can be answered in time',
    retryable: true,
    vendor:
      'Nobody has looked at what was asked: it says nothing of the patient. Show the fallback documents and ask again after Retry-After seconds; the connection is not read from for a moment, so asking at once gains nothing.',
    clerk: askPatient,
    fallback: true,
  },
  'check-in-first': {
    status: 503,
    owner: 'us',
    title: 'Set aside while check-in needs the machine',
    retryable: true,
    vendor:
      'Under load batches are set aside first, then calculators, lists and past checks, so that checks are answered. Nothing was begun. Ask again after Retry-After seconds.',
    fallback: true,
  },
  'list-unavailable': {
    status: 503,
    owner: 'us',
    title: 'Past checks cannot be listed now',
    retryable: true,
    vendor: 'The store of past checks is away. Ask again after Retry-After seconds.',
  },
  'batches-unavailable': {
    status: 503,
    owner: 'us',
    title: 'Batches cannot be accepted or read now',
    retryable: true,
    vendor:
      'The store of batches is away, or the queue is full. What was accepted goes on by itself later. Ask again after Retry-After seconds; with an Idempotency-Key nothing is accepted twice.',
    fallback: true,
  },
  'filings-unavailable': {
    status: 503,
    owner: 'us',
    title: 'Filings cannot be accepted or read now',
    retryable: true,
    vendor:
      'The store of filings is away. What was accepted goes on by itself later. Ask again after Retry-After seconds; with an Idempotency-Key nothing is filed twice.',
  },
  'documents-unavailable': {
    status: 503,
    owner: 'us',
    title: 'Documents cannot be issued now',
    retryable: true,
    vendor: 'The store of coverage is away. Ask again after Retry-After seconds.',
  },
  'accesses-unavailable': {
    status: 503,
    owner: 'us',
    title: 'The record of accesses cannot be read now',
    retryable: true,
    vendor: 'The store of the record is away. Ask again after Retry-After seconds.',
  },
  'registry-unavailable': {
    status: 503,
    owner: 'registry',
    title: 'The national registry cannot be reached',
    retryable: true,
    vendor: 'Ask again after Retry-After seconds.',
  },
} as const satisfies Record<string, ProblemDefinition>;

export type ProblemCode = keyof typeof problems;
export const problemCodes = Object.keys(problems) as readonly ProblemCode[];
