import { readJson, toJson } from '@app/oqs';
import { Controller, Headers, HttpCode, Inject, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { BareToken, CallerOf, Needs, Open } from '../access/access.guard.js';
import { TokenIssuer } from '../access/access-tokens.js';
import type { Caller } from '../access/caller.js';
import { ClientAuthentication } from '../access/client-authentication.js';
import type { Client } from '../access/clients.js';
import { readCheckHeaders } from '../check-in/request-headers.js';
import { bodyOf, ReadsBody } from '../http/unread-body.js';
import { ProblemException } from '../problems/problem.exception.js';
import { SETTINGS, type Settings } from '../settings/index.js';
import { AskSingle } from './ask-single.js';
import { FACES } from './client.js';
import { clientOf } from './client-of.js';
import { FailuresAsMessages } from './failures-as-messages.js';
import { readJsonBody } from './read-body.js';

/** Four times what a search with every field at its longest has. */
const SEARCH_BYTES_MAX = 64 * 1024;

/** `status` of an auth reply. Its values are not public; the client in use looks at `result` alone. */
const OK = '0';
const REFUSED = '1';

interface AuthReply {
  readonly status: string;
  readonly msg: string;
  readonly result: {
    readonly accessToken: string;
    readonly refreshToken: string;
    readonly idToken: string;
    readonly linkSysCharCd: string;
  };
}

/**
 * The national system's web API: auth and search, on the paths that receipt computers call. Not in the OpenAPI document: what holds
 * these messages is docs/oqs, generated from their description, and whoever writes a new program asks /v1/eligibility-checks.
 */
@ApiExcludeController()
@Controller('oqs-api-pro')
@UseFilters(FailuresAsMessages)
export class WebApiController {
  constructor(
    private readonly authentication: ClientAuthentication,
    private readonly issuer: TokenIssuer,
    private readonly single: AskSingle,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** A token for a client, who is named in the body in fields of the operator's choice; it lives as long as any other. */
  @Post('MSA12020/ILI12020SV01/auth')
  @Open()
  @HttpCode(200)
  @ReadsBody(SEARCH_BYTES_MAX)
  async auth(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<AuthReply> {
    reply.header('cache-control', 'no-store');
    const body = await readJsonBody(bodyOf(request), SEARCH_BYTES_MAX);
    const client = await this.clientNamedIn(body);
    if (client === undefined) {
      reply.status(401);
      return { status: REFUSED, msg: '利用者IDまたはパスワードが正しくありません。', result: tokens('') };
    }
    const { token } = await this.issuer.issue(client, client.scopes);
    return { status: OK, msg: '', result: tokens(token) };
  }

  @Post('MSA01030/ILI01030SV01/search')
  @Needs('eligibility:check')
  @BareToken()
  @HttpCode(200)
  @ReadsBody(SEARCH_BYTES_MAX)
  async search(
    @CallerOf() caller: Caller,
    @Headers() headers: Record<string, string | string[] | undefined>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { operator = FACES.web } = readCheckHeaders(headers);
    const client = clientOf(caller, operator);
    const reading = readJson('OQSsiquc01req', await readJsonBody(bodyOf(request), SEARCH_BYTES_MAX));
    if (reading.outcome === 'malformed') throw new ProblemException('malformed-json');
    const answer = await this.single.for(client, reading);
    void reply
      .headers({ 'cache-control': 'no-store' })
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(toJson('OQSsiquc01res', answer)));
  }

  private async clientNamedIn(body: unknown): Promise<Client | undefined> {
    const { OQS_AUTH_CLIENT_FIELD, OQS_AUTH_SECRET_FIELD } = this.settings;
    const fields = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
    const [clientId, secret] = [fields[OQS_AUTH_CLIENT_FIELD], fields[OQS_AUTH_SECRET_FIELD]];
    if (typeof clientId !== 'string' || typeof secret !== 'string') return undefined;
    const client = await this.authentication.withSecret(clientId, secret);
    // These clients send no proof of a key.
    return client?.boundTokens === true ? undefined : client;
  }
}

/** One token of ours goes where clients look for any of three; there is no refreshing, a new one is asked for. UTF-8. */
const tokens = (token: string): AuthReply['result'] => ({
  accessToken: token,
  refreshToken: '',
  idToken: token,
  linkSysCharCd: '0',
});
