import type { AnyElement } from './description.js';

/**
 * What is wrong with a message. The first kind leaves nothing that could be answered (`.err`); the second is in a field of a message that
 * could be read, which is answered with SegmentOfResult 9.
 *
 * `wire` goes into ErrorCode and ProcessingResultCode. The national system's own codes (別紙6-1) are not public; ours begin with SHK, so
 * that nobody takes them for those.
 */
export const MALFORMED = {
  'too-large': { wire: 'SHK1001', ja: 'ファイルの大きさが上限を超えています。' },
  'encoding-unsupported': { wire: 'SHK1002', ja: '文字コードはUTF-8又はShift_JISとしてください。' },
  'encoding-mismatch': { wire: 'SHK1003', ja: '宣言された文字コードで読めない文字があります。' },
  'doctype-refused': { wire: 'SHK1004', ja: 'DTD（DOCTYPE宣言）は使用できません。' },
  'entity-refused': { wire: 'SHK1005', ja: '使用できない実体参照又は文字参照があります。' },
  'processing-instruction-refused': { wire: 'SHK1006', ja: '処理命令は使用できません。' },
  'too-deep': { wire: 'SHK1007', ja: '要素の入れ子が深すぎます。' },
  'piece-too-long': { wire: 'SHK1008', ja: 'タグ又は値が長すぎます。' },
  'not-well-formed': { wire: 'SHK1009', ja: 'XMLとして正しくありません。' },
  'not-a-message': { wire: 'SHK1010', ja: 'XmlMsgではじまる電文ではありません。' },
} as const;

export const FAULTY = {
  missing: { wire: 'SHK2001', ja: 'がありません。' },
  repeated: { wire: 'SHK2002', ja: 'が重複しています。' },
  format: { wire: 'SHK2003', ja: 'の形式が正しくありません。' },
  code: { wire: 'SHK2004', ja: 'のコードが正しくありません。' },
  'too-long': { wire: 'SHK2005', ja: 'が長すぎます。' },
  'no-such-day': { wire: 'SHK2006', ja: 'が暦にない日付です。' },
  structure: { wire: 'SHK2007', ja: 'の構造が正しくありません。' },
  'one-of': { wire: 'SHK2008', ja: 'の指定が正しくありません。' },
} as const;

export type MalformedCode = keyof typeof MALFORMED;
export type FaultyCode = keyof typeof FAULTY;

export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
}

/** No fault ever repeats a value: it may be somebody's. */
interface AnyFault<C extends string> {
  readonly code: C;
  /** For ErrorCode and ProcessingResultCode; never changes its meaning. */
  readonly wireCode: string;
  /** For ErrorMessage and ProcessingResultMessage. */
  readonly ja: string;
  readonly position?: Position;
}

export type Malformation = AnyFault<MalformedCode>;

export interface Fault extends AnyFault<FaultyCode> {
  /** `MessageBody/QualificationConfirmSearchInfo[2]/Birthdate`; repeated elements are counted from 1. */
  readonly path: string;
}

export const malformation = (code: MalformedCode, position?: Position): Malformation => ({
  code,
  wireCode: MALFORMED[code].wire,
  ja: MALFORMED[code].ja + at(position),
  ...(position === undefined ? {} : { position }),
});

/** @param detail what would be right, in Japanese */
export const fault = (
  code: FaultyCode,
  element: Pick<AnyElement, 'name' | 'ja'>,
  path: string,
  position?: Position,
  detail?: string,
): Fault => ({
  code,
  wireCode: FAULTY[code].wire,
  ja: `${element.ja}（${element.name}）${FAULTY[code].ja}${detail === undefined ? '' : `${detail}としてください。`}${at(position)}`,
  path,
  ...(position === undefined ? {} : { position }),
});

const at = (position: Position | undefined): string =>
  position === undefined ? '' : `（${position.line}行${position.column}文字目）`;
