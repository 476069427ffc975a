import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, describe, expect, it } from 'vitest';

import { DeskUnreachable } from '../desk.js';
import { HttpDesk } from './http-desk.js';

const QUESTION = `<XmlMsg><MessageHeader><QualificationConfirmationDate>20261122</QualificationConfirmationDate>
<MedicalInstitutionCode>1312345679</MedicalInstitutionCode><ArbitraryFileIdentifier>a-1</ArbitraryFileIdentifier></MessageHeader>
<MessageBody><QualificationConfirmSearchInfo><InsurerNumber>06130488</InsurerNumber>
<InsuredIdentificationNumber>1</InsuredIdentificationNumber><Birthdate>19800505</Birthdate></QualificationConfirmSearchInfo></MessageBody></XmlMsg>`;
const single = { name: 'OQSsiquc01req_1.xml', bytes: Buffer.from(QUESTION) };

describe('a counter that is asked over HTTP', () => {
  let server: Server | undefined;
  afterEach(() => new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve()))));

  const deskAt = async (answer: RequestListener, patienceMs = 0): Promise<HttpDesk> => {
    server = createServer((request, response) => {
      if (request.url !== '/oauth/token') answer(request, response);
      else response.end(JSON.stringify({ access_token: 'token', expires_in: 600 }));
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return new HttpDesk({
      url: `http://127.0.0.1:${port}`,
      clientId: 'a',
      clientSecret: 'b',
      now: () => Date.parse('2026-11-22T00:00:00Z'),
      patienceMs,
    });
  };
  const problem =
    (status: number, body: object): RequestListener =>
    (_request, response) =>
      response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(body));

  const hangUp: RequestListener = (request) => void request.socket.destroy();

  it('its answer is handed on, under the name that a client looks for', async () => {
    const seen: unknown[] = [];
    const desk = await deskAt(({ headers }, response) => {
      seen.push(headers['shikaku-file-name'], headers.authorization, headers['content-type']);
      response.end('<XmlMsg/>');
    });
    expect(await desk.reply({ ...single, name: 'OQSsiquc01req_照会.xml' })).toEqual({
      kind: 'answered',
      name: 'OQSsiquc01res_照会.xml',
      bytes: Buffer.from('<XmlMsg/>'),
    });
    expect(seen).toEqual(['OQSsiquc01req_%E7%85%A7%E4%BC%9A.xml', 'Bearer token', 'application/xml']);
  });

  it('what it says of a message that is none is handed on', async () => {
    const errors = [{ pointer: '', code: 'SHK1004', detail: 'DTDは使用できません。' }];
    const desk = await deskAt(problem(400, { code: 'malformed-message', errors }));
    expect(await desk.reply(single)).toEqual({ kind: 'malformed', code: 'SHK1004', message: 'DTDは使用できません。' });
  });

  it('a refusal that waiting does not mend is given back, and holds nobody up', async () => {
    const desk = await deskAt(problem(403, { code: 'scope-missing' }));
    expect(await desk.reply(single)).toMatchObject({
      kind: 'malformed',
      message: expect.stringContaining('scope-missing'),
    });
  });

  it.each([
    ['busy', problem(503, { code: 'overloaded' })],
    ['at its quota', problem(429, { code: 'too-many-requests' })],
    ['gone', hangUp],
  ])('%s: a clerk who waits is told that there is no answer, and never a verdict', async (_how, answer) => {
    const desk = await deskAt(answer);
    const reply = await desk.reply(single);
    const text = reply.kind === 'answered' ? reply.bytes.toString() : '';
    expect(reply).toMatchObject({ kind: 'answered', name: 'OQSsiquc01res_1.xml' });
    expect(text).toContain('<SegmentOfResult>9</SegmentOfResult>');
    expect(text).toContain('<ErrorCode>SHK3001</ErrorCode>');
    expect(text).toContain('「資格なし」ではありません');
    expect(text).toContain('<ArbitraryFileIdentifier>a-1</ArbitraryFileIdentifier>');
    expect(text).not.toContain('QualificationValidity');
  });

  it('what is not urgent waits', async () => {
    const desk = await deskAt(problem(503, { code: 'overloaded' }));
    await expect(desk.reply({ ...single, name: 'OQSmuquc01req_1.xml' })).rejects.toThrow(DeskUnreachable);
  });

  it('busy for a moment, it is asked again', async () => {
    let asked = 0;
    const desk = await deskAt((request, response) => {
      asked += 1;
      if (asked === 1) problem(503, { code: 'overloaded' })(request, response);
      else response.end('<XmlMsg/>');
    }, 10_000);
    expect(await desk.reply(single)).toMatchObject({ kind: 'answered', bytes: Buffer.from('<XmlMsg/>') });
    expect(asked).toBe(2);
  });

  it('a token that ended before its time is asked for anew', async () => {
    let asked = 0;
    const desk = await deskAt((request, response) => {
      asked += 1;
      if (asked === 1) problem(401, { code: 'token-invalid' })(request, response);
      else response.end('<XmlMsg/>');
    });
    expect(await desk.reply(single)).toMatchObject({ kind: 'answered', bytes: Buffer.from('<XmlMsg/>') });
  });
});
