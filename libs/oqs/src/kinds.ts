import {
  always,
  group,
  leaf,
  many,
  optional,
  required,
  some,
  type AnyElement,
  type AnyGroup,
  type AnyPart,
  type Evidence,
  type Group,
  type Loose,
  type Part,
  type Received,
  type Written,
} from './description.js';
import { dateTime } from './formats.js';
import {
  acknowledgingHeader,
  answerHeader,
  askedOnHeader,
  bulkAnswerHeader,
  plainHeader,
  receptionNumber,
} from './messages/header.js';
import {
  bulkRegistrationUnit,
  echoedRegistrationInfo,
  referenceNumberRegistrationInfo,
} from './messages/reference-number.js';
import {
  bulkConfirmUnit,
  consentedConfirmUnit,
  possibleProcessingResult,
  prescriptionIssueSelect,
  processingResult,
  qualificationValidity,
  resultList,
} from './messages/result.js';
import {
  bulkSearchInfo,
  echoedSearchInfo,
  homeVisitSearchInfo,
  onlineVisitSearchInfo,
  searchInfo,
  ticketMonthSearchInfo,
} from './messages/search-info.js';

const body = <const P extends readonly AnyPart[]>(parts: P): Group<'MessageBody', P> =>
  group('MessageBody', 'メッセージボディ', 'C', parts);

/** What every answer says of how it went; more where there is more to say. */
const singleAnswerBody = body([
  optional(echoedSearchInfo),
  optional(prescriptionIssueSelect),
  ...processingResult,
  optional(qualificationValidity),
  optional(resultList),
]);

const faceBody = body([
  optional(prescriptionIssueSelect),
  ...processingResult,
  optional(qualificationValidity),
  optional(resultList),
]);

/** The receipt of a bulk request: with its number, or with what is wrong. */
const receiptBody = body([
  optional(receptionNumber),
  optional(leaf('ReceptionDateTime', '受付日時', dateTime, 'K')),
  ...possibleProcessingResult,
]);

const collectBody = body([required(receptionNumber)]);

interface MessageKind<H extends AnyGroup, B extends AnyGroup> {
  readonly ja: string;
  readonly evidence: Evidence;
  readonly message: Group<'XmlMsg', readonly [Part<'required', H>, Part<'required' | 'always', B>]>;
}

const asks = <H extends AnyGroup, B extends AnyGroup>(ja: string, evidence: Evidence, header: H, body: B) =>
  ({
    ja,
    evidence,
    message: group('XmlMsg', 'メッセージ', 'C', [required(header), required(body)]),
  }) as const;

/** An answer without a body is read; we always write one, since a client in use breaks without it. */
const answers = <H extends AnyGroup, B extends AnyGroup>(ja: string, evidence: Evidence, header: H, body: B) =>
  ({
    ja,
    evidence,
    message: group('XmlMsg', 'メッセージ', 'C', [required(header), always(body)]),
  }) as const;

/** Bulk answers come in four messages; three of them are the same in every bulk. */
const receipt = (of: string, evidence: Evidence = 'K') =>
  answers(`${of}の受付結果`, evidence, acknowledgingHeader, receiptBody);
const collection = (of: string, evidence: Evidence = 'K') =>
  asks(`${of}の結果要求`, evidence, plainHeader, collectBody);
const bulkAnswer = <U extends AnyGroup>(of: string, evidence: Evidence, unit: U) =>
  answers(`${of}の結果`, evidence, bulkAnswerHeader, body([many(unit), ...possibleProcessingResult]));

const BULK_CHECK = '一括資格確認';
const BULK_REGISTRATION = '照会番号一括登録';
const BULK_TICKETS = '医療扶助の一括資格確認';
const BULK_HOME = '訪問診療等の一括資格確認';
const BULK_ONLINE = 'オンライン診療等の一括資格確認';

/** Every message kind by the beginning of its file's name. */
export const KINDS = {
  OQSsiquc01req: asks('資格確認照会', 'K', askedOnHeader, body([required(searchInfo)])),
  OQSsiquc01res: answers('資格確認結果', 'C', answerHeader, singleAnswerBody),
  OQSsiquc01res_face: answers('顔認証付きカードリーダーの資格確認結果', 'C', answerHeader, faceBody),
  OQSmuquc01req: asks(`${BULK_CHECK}の要求`, 'K', askedOnHeader, body([some(bulkSearchInfo)])),
  OQSmuquc01res: receipt(BULK_CHECK),
  OQSmuquc02req: collection(BULK_CHECK),
  OQSmuquc02res: bulkAnswer(BULK_CHECK, 'K', bulkConfirmUnit),
  OQSsiimm01req: asks('照会番号登録', 'K', plainHeader, body([required(referenceNumberRegistrationInfo)])),
  OQSsiimm01res: answers(
    '照会番号登録結果',
    'C',
    acknowledgingHeader,
    body([optional(echoedRegistrationInfo), ...processingResult]),
  ),
  OQSmuimm01req: asks(`${BULK_REGISTRATION}の要求`, 'K', plainHeader, body([some(referenceNumberRegistrationInfo)])),
  OQSmuimm01res: receipt(BULK_REGISTRATION, 'T'),
  OQSmuimm02req: collection(BULK_REGISTRATION, 'T'),
  OQSmuimm02res: bulkAnswer(BULK_REGISTRATION, 'T', bulkRegistrationUnit),
  OQSmutic01req: asks(`${BULK_TICKETS}の要求`, 'K', plainHeader, body([required(ticketMonthSearchInfo)])),
  OQSmutic01res: receipt(BULK_TICKETS),
  OQSmutic02req: collection(BULK_TICKETS),
  OQSmutic02res: bulkAnswer(BULK_TICKETS, 'K', consentedConfirmUnit),
  OQSmuhvq01req: asks(`${BULK_HOME}の要求`, 'K', plainHeader, body([required(homeVisitSearchInfo)])),
  OQSmuhvq01res: receipt(BULK_HOME),
  OQSmuhvq02req: collection(BULK_HOME),
  OQSmuhvq02res: bulkAnswer(BULK_HOME, 'K', consentedConfirmUnit),
  OQSmuonq01req: asks(`${BULK_ONLINE}の要求`, 'K', plainHeader, body([required(onlineVisitSearchInfo)])),
  OQSmuonq01res: receipt(BULK_ONLINE),
  OQSmuonq02req: collection(BULK_ONLINE),
  OQSmuonq02res: bulkAnswer(BULK_ONLINE, 'K', consentedConfirmUnit),
} as const satisfies Record<string, MessageKind<AnyGroup, AnyGroup>>;

export type Kind = keyof typeof KINDS;
export const KIND_NAMES = Object.keys(KINDS) as readonly Kind[];

type DescriptionOf<K extends Kind> = (typeof KINDS)[K]['message'];

/** A message as the writer takes it: `{ MessageHeader, MessageBody }`. */
export type MessageToWrite<K extends Kind> = Written<DescriptionOf<K>>;
/** A message as the reader gives it, where nothing in it is at fault. */
export type ReceivedMessage<K extends Kind> = Received<DescriptionOf<K>>;
/** What could be read of a message in which something is at fault. */
export type FaultyMessage<K extends Kind> = Loose<Received<DescriptionOf<K>>>;

type BodyOf<K extends Kind> = DescriptionOf<K>['parts'][1]['element'];
type PartsOf<G> = G extends Group<string, infer P> ? P[number] : never;
type RepeatedGroup<P> = P extends Part<'some' | 'many', infer E extends AnyElement> ? E : never;
/** The group that is repeated in a bulk message, once for each person. */
type ItemDescription<K extends Kind> = RepeatedGroup<PartsOf<BodyOf<K>>>;

/** The kinds that hold many people, which are read and written piece by piece. */
export type BulkKind = { [K in Kind]: ItemDescription<K> extends never ? never : K }[Kind];
export type ItemToWrite<K extends BulkKind> = Written<ItemDescription<K>>;
export type ReceivedItem<K extends BulkKind> = Received<ItemDescription<K>>;
export type FaultyItem<K extends BulkKind> = Loose<ReceivedItem<K>>;

/** The repeated group of a bulk message, `undefined` where there is none. */
export const itemOf = (kind: Kind): AnyGroup | undefined => {
  const parts: readonly AnyPart[] = KINDS[kind].message.parts[1].element.parts;
  const found = parts.find(({ cardinality }) => cardinality === 'some' || cardinality === 'many')?.element;
  return found?.kind === 'group' ? found : undefined;
};
