import { readHead, startsWith } from './request-bytes.js';

const PLAIN = [
  'POST /v1/eligibility-checks HTTP/1.1',
  'Host: shikaku.example',
  'Authorization: Bearer a.b.c',
  'Content-Type: application/json',
  'Content-Length: 58',
];
const bytesOf = (lines: readonly string[]): Buffer => Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
const read = (lines: readonly string[]): ReturnType<typeof readHead> => readHead(bytesOf(lines));
const without = (name: string): string[] => PLAIN.filter((line) => !line.startsWith(`${name}:`));

describe('the head of a request, read from its bytes', () => {
  it('says what a check needs, and keeps its bytes to be known again', () => {
    const head = read([...PLAIN, 'Shikaku-Operator: staff-17', 'Shikaku-Purpose: claim', 'Shikaku-Terminal: desk-2']);
    expect(head).toMatchObject({
      authorization: 'Bearer a.b.c',
      contentLength: 58,
      operator: 'staff-17',
      purpose: 'claim',
      terminal: 'desk-2',
    });
    const bytes = bytesOf(PLAIN);
    const known = readHead(bytes);
    expect(known?.bytes).toEqual(bytes);
    // The buffer it came in is used again for what comes next.
    bytes.fill(0);
    expect(known?.bytes).not.toEqual(bytes);
  });

  it.each<[string, readonly string[]]>([
    ['names in other letters', PLAIN.map((line, i) => (i === 0 ? line : line.toLowerCase()))],
    ['spaces around a value', [...PLAIN, 'X-Any: \t a value \t']],
    ['a connection to be kept', [...PLAIN, 'Connection: Keep-Alive']],
    ['the kinds of answer that are given', [...PLAIN, 'Accept: application/json']],
    ['headers that mean nothing here', [...PLAIN, 'X-Request-Id: 1', 'Traceparent: 00-1-2-01']],
  ])('%s', (_what, lines) => {
    expect(read(lines)).toMatchObject({
      authorization: expect.stringMatching(/a\.b\.c$/) as string,
      contentLength: 58,
    });
  });

  it.each<[string, readonly string[]]>([
    ['another method', ['GET /v1/eligibility-checks HTTP/1.1', ...PLAIN.slice(1)]],
    ['another address', ['POST /v1/eligibility-checks?a=1 HTTP/1.1', ...PLAIN.slice(1)]],
    ['an address with its host', ['POST http://a/v1/eligibility-checks HTTP/1.1', ...PLAIN.slice(1)]],
    ['an older HTTP', ['POST /v1/eligibility-checks HTTP/1.0', ...PLAIN.slice(1)]],
    ['two spaces in the first line', ['POST  /v1/eligibility-checks HTTP/1.1', ...PLAIN.slice(1)]],
    ['an empty line before all', ['', ...PLAIN]],
    ['no host', without('Host')],
    ['two hosts', [...PLAIN, 'Host: other.example']],
    ['no length', without('Content-Length')],
    ['two lengths', [...PLAIN, 'Content-Length: 58']],
    ['two lengths that differ', [...PLAIN, 'Content-Length: 59']],
    ['a list of lengths', [...without('Content-Length'), 'Content-Length: 58, 58']],
    ['a length with a sign', [...without('Content-Length'), 'Content-Length: +58']],
    ['a length in another notation', [...without('Content-Length'), 'Content-Length: 0x3A']],
    ['a length of nothing', [...without('Content-Length'), 'Content-Length: 0']],
    ['a length that is long', [...without('Content-Length'), 'Content-Length: 4097']],
    ['a length beyond all bounds', [...without('Content-Length'), 'Content-Length: 999999999999999999999']],
    ['chunks', [...PLAIN, 'Transfer-Encoding: chunked']],
    ['chunks, written oddly', [...PLAIN, 'Transfer-Encoding : chunked']],
    ['chunks behind a tab', [...PLAIN, '\tTransfer-Encoding: chunked']],
    ['a folded header', [...PLAIN, 'X-Any: a', ' folded']],
    ['a space before the colon', [...PLAIN, 'X-Any : a']],
    ['a name that is none', [...PLAIN, 'X(Any): a']],
    ['no name', [...PLAIN, ': a']],
    ['no colon', [...PLAIN, 'nothing']],
    ['a value of nothing', [...PLAIN, 'X-Any:']],
    ['a line end of its own', [...PLAIN, 'X-Any: a\nTransfer-Encoding: chunked']],
    ['a carriage return alone', [...PLAIN, 'X-Any: a\rTransfer-Encoding: chunked']],
    ['a zero byte', [...PLAIN, 'X-Any: a\0b']],
    ['a byte beyond ASCII', [...PLAIN, 'X-Any: \u00E9']],
    ['a connection to be closed', [...PLAIN, 'Connection: close']],
    ['a connection with options', [...PLAIN, 'Connection: keep-alive, Upgrade']],
    ['an upgrade', [...PLAIN, 'Upgrade: h2c']],
    ['whoever waits to be told to go on', [...PLAIN, 'Expect: 100-continue']],
    ['a body in another coding', [...PLAIN, 'Content-Encoding: gzip']],
    ['a key against repeats', [...PLAIN, 'Idempotency-Key: once']],
    ['no token', without('Authorization')],
    ['two tokens', [...PLAIN, 'authorization: Bearer d.e.f']],
    ['another kind of body', [...without('Content-Type'), 'Content-Type: text/plain']],
    ['a kind of answer that is not given', [...PLAIN, 'Accept: text/html']],
  ])('%s is left to Node', (_what, lines) => {
    expect(read(lines)).toBeUndefined();
  });

  it('is known again by every byte of it', () => {
    const head = readHead(bytesOf(PLAIN));
    if (head === undefined) throw new Error('it is plain');
    const same = Buffer.concat([bytesOf(PLAIN), Buffer.from('{"card":{}}')]);
    expect(startsWith(same, head)).toBe(true);
    expect(startsWith(bytesOf(PLAIN), head)).toBe(true);
    expect(startsWith(same.subarray(0, head.bytes.length - 1), head)).toBe(false);
    for (let at = 0; at < head.bytes.length; at += 1) {
      const other = Buffer.from(same);
      other[at] = (other[at] as number) ^ 1;
      expect(startsWith(other, head)).toBe(false);
    }
  });
});
