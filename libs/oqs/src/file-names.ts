import { KIND_NAMES, type Kind } from './kinds.js';

export interface OqsFileName {
  readonly kind: Kind;
  /** Free; what the request was given, its answer has, too. */
  readonly tail: string;
  /** In small letters, without the dot. */
  readonly extension: 'xml' | 'zip' | 'err' | 'pdf';
}

/** Longest first: a face message begins as a single answer does. */
const KINDS_BY_LENGTH = KIND_NAMES.toSorted((a, b) => b.length - a.length);
/** Neither a path, nor what Windows does not take in a name. */
// oxlint-disable-next-line no-control-regex
const TAIL = /^[^\u0000-\u001f\u007f<>:"/\\|?*]+$/u;
/** What most file systems take. */
const NAME_MAX_BYTES = 255;

/** `OQSsiquc01req_20260701….xml`, in any case of letters, as Windows names are; `undefined` for a file that is none of ours. */
export const parseFileName = (name: string): OqsFileName | undefined => {
  const [, stem, extension] = /^(.+)\.(xml|zip|err|pdf)$/iu.exec(name) ?? [];
  if (stem === undefined || extension === undefined || Buffer.byteLength(name) > NAME_MAX_BYTES) return undefined;
  const lower = stem.toLowerCase();
  const kind = KINDS_BY_LENGTH.find((one) => lower.startsWith(`${one.toLowerCase()}_`));
  const tail = kind === undefined ? undefined : stem.slice(kind.length + 1);
  if (kind === undefined || tail === undefined || !TAIL.test(tail)) return undefined;
  return { kind, tail, extension: extension.toLowerCase() as OqsFileName['extension'] };
};

export const isRequest = (kind: Kind): boolean => kind.endsWith('req');

/** The name of the answer: that of the request, with `res` for `req`. Its letters otherwise stay as they are. */
export const answerFileName = (
  requestName: string,
  extension: OqsFileName['extension'] = 'xml',
): string | undefined => {
  const parsed = parseFileName(requestName);
  if (parsed === undefined || !isRequest(parsed.kind)) return undefined;
  const stem = requestName.slice(0, parsed.kind.length).replace(/req$/iu, (req) => (req === 'REQ' ? 'RES' : 'res'));
  return `${stem}_${parsed.tail}.${extension}`;
};

/**
 * A face message: `OQSsiquc01res_face_<institution><20 hexadecimal digits>_<YYYYMMDDhhmmss>.xml`. What the digits mean in the national
 * system is unknown; they have to tell two patients of one second apart.
 */
export const faceFileName = (institutionCode: string, hex20: string, oqsDateTime: string): string =>
  `OQSsiquc01res_face_${institutionCode}${hex20}_${oqsDateTime}.xml`;
