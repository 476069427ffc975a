import type { IncomingMessage } from 'node:http';

const PATH = '/v1/eligibility-checks';
/** A check by card has some 200 bytes. */
const BODY_BYTES_MAX = 4_096;
const CONTENT_TYPES: ReadonlySet<string> = new Set(['application/json', 'application/json; charset=utf-8']);
const ACCEPTED: ReadonlySet<string> = new Set(['*/*', 'application/json', 'application/json, text/plain, */*']);

/** What a check needs of the head of a request. */
export interface OrdinaryHead {
  /** The whole header. */
  readonly authorization: string;
  readonly contentLength: number;
  readonly operator: string | undefined;
  readonly purpose: string | undefined;
  readonly terminal: string | undefined;
}

/**
 * The head of a request to check that is as nearly all of them are; undefined for any other, which goes the ordinary way, to
 * be answered or refused there. Read from the raw list: parsing it into an object costs two microseconds that say nothing more,
 * and hides a header that was sent twice.
 */
export const ordinaryHead = ({
  method,
  url,
  rawHeaders,
}: Pick<IncomingMessage, 'method' | 'url' | 'rawHeaders'>): OrdinaryHead | undefined => {
  if (method !== 'POST' || url !== PATH) return undefined;
  let authorization: string | undefined;
  let contentType: string | undefined;
  let contentLength: number | undefined;
  let operator: string | undefined;
  let purpose: string | undefined;
  let terminal: string | undefined;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    const value = rawHeaders[i + 1] as string;
    // Names of other lengths mean nothing here.
    switch (name.length) {
      case 6:
        if (isNamed(name, 'accept') ? !ACCEPTED.has(value) : isNamed(name, 'expect')) return undefined;
        break;
      case 7:
        if (isNamed(name, 'upgrade')) return undefined;
        break;
      case 12:
        if (!isNamed(name, 'content-type')) break;
        if (contentType !== undefined || !CONTENT_TYPES.has(value)) return undefined;
        contentType = value;
        break;
      case 13:
        if (!isNamed(name, 'authorization')) break;
        if (authorization !== undefined) return undefined;
        authorization = value;
        break;
      case 14:
        if (!isNamed(name, 'content-length')) break;
        contentLength = Number(value);
        break;
      case 15:
        if (isNamed(name, 'idempotency-key')) return undefined;
        if (!isNamed(name, 'shikaku-purpose')) break;
        if (purpose !== undefined) return undefined;
        purpose = value;
        break;
      case 16:
        if (isNamed(name, 'content-encoding')) return undefined;
        if (isNamed(name, 'shikaku-operator')) {
          if (operator !== undefined) return undefined;
          operator = value;
        } else if (isNamed(name, 'shikaku-terminal')) {
          if (terminal !== undefined) return undefined;
          terminal = value;
        }
        break;
      case 17:
        if (isNamed(name, 'transfer-encoding')) return undefined;
        break;
    }
  }
  if (authorization === undefined || contentType === undefined || contentLength === undefined) return undefined;
  return contentLength > 0 && contentLength <= BODY_BYTES_MAX
    ? { authorization, contentLength, operator, purpose, terminal }
    : undefined;
};

const isNamed = (name: string, wanted: string): boolean => name === wanted || name.toLowerCase() === wanted;
