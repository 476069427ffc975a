import { ordinaryHead, type OrdinaryHead } from './ordinary-request.js';

const REQUEST_LINE = 'POST /v1/eligibility-checks HTTP/1.1';
/** RFC 9110 section 5.1 and 5.5, without the bytes beyond ASCII that a value may have for old times' sake. */
const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([!-~](?:[\t -~]*[!-~])?)[ \t]*$/;
const DIGITS = /^\d{1,5}$/;
const LINE_END = '\r\n';

/** A head that was read, to be known again by its bytes. */
export interface KnownHead extends OrdinaryHead {
  /** Up to where the body begins. */
  readonly bytes: Buffer;
}

/**
 * Reads the head of a request to check from its bytes, when it is as plain as can be: HTTP/1.1, one host, one length in digits,
 * nothing but letters where a parser might have an opinion. Undefined for any other, which is left to Node's parser, unread:
 * where two could read one request differently, only one of them does. `bytes` end where the body begins.
 */
export const readHead = (bytes: Buffer): KnownHead | undefined => {
  const [requestLine, ...lines] = bytes
    .toString('latin1')
    .slice(0, -2 * LINE_END.length)
    .split(LINE_END);
  if (requestLine !== REQUEST_LINE) return undefined;
  const rawHeaders: string[] = [];
  let hosts = 0;
  let lengths = 0;
  for (const line of lines) {
    const [, name = '', value = ''] = FIELD.exec(line) ?? [];
    if (name === '') return undefined;
    switch (name.toLowerCase()) {
      case 'host':
        hosts += 1;
        break;
      case 'content-length':
        lengths += 1;
        if (!DIGITS.test(value)) return undefined;
        break;
      case 'connection':
        if (value.toLowerCase() !== 'keep-alive') return undefined;
        break;
    }
    rawHeaders.push(name, value);
  }
  if (hosts !== 1 || lengths !== 1) return undefined;
  const head = ordinaryHead({ method: 'POST', url: '/v1/eligibility-checks', rawHeaders });
  return head === undefined ? undefined : { ...head, bytes: Buffer.from(bytes) };
};

/** Whether these bytes begin with the very head that was read before. */
export const startsWith = (bytes: Buffer, { bytes: head }: KnownHead): boolean =>
  bytes.length >= head.length && bytes.compare(head, 0, head.length, 0, head.length) === 0;
