import { isRequest, parseFileName, type Kind } from '@app/oqs';

export interface RequestName {
  readonly name: string;
  readonly kind: Kind;
  /** One person, or many. */
  readonly lane: 'single' | 'bulk';
  readonly packed: boolean;
}

const SINGLE: ReadonlySet<Kind> = new Set(['OQSsiquc01req', 'OQSsiimm01req']);

/** Undefined for what is no request: it is somebody else's and stays where it is. */
export const requestName = (name: string): RequestName | undefined => {
  const parsed = parseFileName(name);
  if (parsed === undefined || !isRequest(parsed.kind)) return undefined;
  const { kind, extension } = parsed;
  if (extension !== 'xml' && extension !== 'zip') return undefined;
  return { name, kind, lane: SINGLE.has(kind) ? 'single' : 'bulk', packed: extension === 'zip' };
};

/** `….xml` as `….err`. */
export const errorName = (name: string): string => name.replace(/\.(xml|zip)$/i, '.err');
