import { notices, problems, type EligibilityAnswer, type Freshness, type ProblemCode } from '@app/contracts';
import type { NoticeCode } from '@app/domain';

import { ProblemException } from '../problems/problem.exception.js';
import type { RegistrationOutcome } from './reference-numbers.js';

/**
 * What stands in ErrorCode and ErrorMessage, ProcessingResultCode and ProcessingResultMessage. The national list of codes (別紙6-1) is not
 * public; ours begin with SHK, so that nobody takes them for those: 1 and 2 are the reader's (a message that cannot be read, a field
 * that is wrong), 3 says that there is no answer, 4 goes with an answer. A code never changes its meaning.
 */
export interface Note {
  readonly code: string;
  /** Japanese. */
  readonly message: string;
}

const note = (code: string, message: string): Note => ({ code, message });

/** There is no answer, and that is no statement about coverage. */
const UNANSWERED: Readonly<Partial<Record<ProblemCode, Note>>> = {
  'answer-unavailable': note(
    'SHK3001',
    'ただいま資格を確認できません。「資格なし」ではありません。後で照会し直してください。',
  ),
  'service-date-out-of-range': note(
    'SHK3003',
    '資格確認日が、照会できる範囲（2015年1月1日から1年後まで）にありません。',
  ),
  'birthdate-in-future': note('SHK3004', '生年月日が資格確認日より後の日付です。'),
  'invalid-request': note(
    'SHK3005',
    '照会内容に誤りがあります。保険者番号、記号・番号、生年月日、資格確認日を確認してください。',
  ),
  'idempotency-key-reused': note(
    'SHK3006',
    '同じファイル名で別の内容の照会がありました。ファイル名を変えて照会し直してください。',
  ),
  'batches-unavailable': note(
    'SHK3007',
    'ただいま一括照会を受け付けられません。しばらくしてから照会し直してください。',
  ),
  'too-many-batches': note('SHK3008', '処理中の一括照会が多すぎます。前の一括照会の結果を待ってください。'),
  'token-missing': note('SHK3020', '認証トークンがありません。認証（auth）からやり直してください。'),
  'token-invalid': note(
    'SHK3021',
    '認証トークンが正しくないか、有効期限が切れています。認証（auth）からやり直してください。',
  ),
  'scope-missing': note('SHK3022', 'この利用者には、この照会をする権限がありません。'),
  'institution-missing': note('SHK3023', 'この利用者は医療機関として登録されていません。'),
  'too-many-requests': note('SHK3024', '照会の回数が上限を超えました。しばらくしてから照会し直してください。'),
  'too-many-guesses': note(
    'SHK3028',
    '該当者のない照会が続いています。番号と生年月日を確かめ、少し待ってから照会し直してください。',
  ),
  'malformed-json': note('SHK3025', '電文がUTF-8のJSONではありません。'),
  'body-too-large': note('SHK1001', '電文の大きさが上限を超えています。'),
  'unsupported-media-type': note('SHK3026', '電文はContent-Type: application/jsonで送ってください。'),
  'not-acceptable': note('SHK3027', '電文はJSON（application/json）で返します。Acceptを確認してください。'),
  overloaded: note('SHK3010', '照会が混み合っています。「資格なし」ではありません。後で照会し直してください。'),
};

const INTERNAL = note(
  'SHK3999',
  'システムエラーが発生しました。「資格なし」ではありません。しばらくしてから照会し直してください。',
);

/** A header names another institution than the one that asks. */
export const OTHER_INSTITUTION = note(
  'SHK3002',
  '医療機関コードが、この接続に登録された医療機関のものではありません。',
);
/** A card that proves nobody: what it would show is withheld. */
export const CREDENTIAL_UNUSABLE = note('SHK3009', notices['credential-unusable'].clerk.ja);
export const RECEPTION_UNKNOWN = note(
  'SHK3011',
  'この受付番号の受付はありません。保存期間を過ぎたか、受付番号が違います。',
);
export const BULK_FAILED = note('SHK3012', '一括照会を終えられませんでした。照会し直してください。');
export const BULK_EMPTY = note('SHK3013', '照会する人が1人もいません。');
export const BULK_TOO_MANY = note('SHK3014', '一度に照会できるのは10,000人までです。');
export const STORE_AWAY = note('SHK3015', 'ただいま登録・受付ができません。しばらくしてから送り直してください。');
const REGISTRATION: Readonly<Record<Exclude<RegistrationOutcome, 'registered'>, Note>> = {
  'not-found': note('SHK3101', '該当する資格がありません。保険者番号、記号、番号、枝番を確認してください。'),
  ambiguous: note('SHK3102', '該当する方が複数います。枝番を付けて登録し直してください。'),
  taken: note('SHK3103', 'この照会番号は、別の患者さんに登録されています。'),
};

export const noteOfRegistration = (outcome: RegistrationOutcome): Note | undefined =>
  outcome === 'registered' ? undefined : REGISTRATION[outcome];

/** What goes with an answer. */
const ANSWERED: Readonly<Record<NoticeCode, string>> = {
  'certificate-expires-soon': 'SHK4001',
  'certificate-in-grace': 'SHK4002',
  'certificate-superseded': 'SHK4003',
  'certificate-unknown': 'SHK4004',
  'register-at-reader': 'SHK4005',
  'registration-pending': 'SHK4006',
  'branch-number-needed': 'SHK4007',
  'insurer-number-check-digit': 'SHK4008',
  'coverage-lost': 'SHK4009',
  'coverage-lost-retroactively': 'SHK4010',
  'newer-coverage-exists': 'SHK4011',
  'late-elderly-from-75': 'SHK4012',
  'several-coverages': 'SHK4013',
  'medical-aid-not-registered-here': 'SHK4014',
  'copay-rate-undetermined': 'SHK4015',
  'cost-limit-undetermined': 'SHK4016',
  'cost-limit-change-planned': 'SHK4017',
  'cost-limit-by-planned-table': 'SHK4018',
  'credential-unusable': 'SHK4019',
};

/** `2026-11-22T09:00:05+09:00` as a clerk reads it. */
const clockTime = (instant: string): string =>
  `${Number(instant.slice(5, 7))}月${Number(instant.slice(8, 10))}日${instant.slice(11, 16)}`;

const DEGRADED: Readonly<Record<NonNullable<Freshness['degraded']>['reason'], (asOf: string) => Note>> = {
  'registry-unavailable': () =>
    note('SHK4101', '電子証明書の最新の状態を確認できていません。後で自動的に確認し直します。'),
  'replica-behind': (asOf) =>
    note('SHK4102', `${clockTime(asOf)}現在の資格情報による回答です。後で自動的に確認し直します。`),
  'database-unavailable': (asOf) =>
    note('SHK4103', `${clockTime(asOf)}現在の資格情報による回答です。後で自動的に確認し直します。`),
};

/** What is said of a check that could not be answered. It never says that somebody is not covered. */
export const noteOfError = (error: unknown): Note => {
  if (!(error instanceof ProblemException)) return INTERNAL;
  const found = UNANSWERED[error.code];
  if (found === undefined) {
    const { clerk } = problems[error.code] as { clerk?: { ja: string } };
    return clerk === undefined ? INTERNAL : { code: INTERNAL.code, message: clerk.ja };
  }
  const documents = error.details.fallback?.documents.filter(({ insured }) => insured).map(({ name }) => name.ja) ?? [];
  return documents.length === 0
    ? found
    : { code: found.code, message: `${found.message}代わりに確認できる書類：${documents.join('、')}。` };
};

/** The same of a problem that another process wrote down (a line of a batch's results). */
export const noteOfProblem = (code: string): Note => UNANSWERED[code as ProblemCode] ?? { ...INTERNAL };

/**
 * What goes with a successful result: a certificate about to end, a coverage that ended, an answer from facts that could not be
 * confirmed. The code is that of the first; the message says them all.
 */
export const noteOfAnswer = ({
  notices: told,
  freshness,
}: Pick<EligibilityAnswer, 'notices' | 'freshness'>): Note | undefined => {
  const { degraded } = freshness;
  const notes = told.map(({ code, clerk }) => note(ANSWERED[code as NoticeCode], clerk.ja));
  if (degraded !== undefined) notes.push(DEGRADED[degraded.reason](freshness.asOf));
  const [first] = notes;
  return first === undefined ? undefined : note(first.code, notes.map(({ message }) => message).join(''));
};
