import { TokenError, TokenRequest, TokenResponse } from '@app/contracts';
import { Body, Controller, Get, Header, Headers, HttpCode, Inject, Post, Res } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiExcludeEndpoint,
  ApiOkResponse,
  ApiOperation,
  ApiResponse,
  ApiSecurity,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { ProblemResponses } from '../http/problem-responses.js';
import { SETTINGS, type Settings } from '../settings/index.js';
import { Open } from './access.guard.js';
import { TokenIssuer, TokenVerifier } from './access-tokens.js';
import { SCOPES } from './caller.js';
import { ClientSecrets } from './client-secrets.js';
import { ClientDirectory, type Client } from './clients.js';

const SECRET_CHARACTERS_MAX = 512;

type TokenErrorCode = 'invalid_request' | 'invalid_client' | 'invalid_scope' | 'unsupported_grant_type';

/** `Authorization: Basic`, with both halves form-encoded (RFC 6749 section 2.3.1). */
const basicCredentials = (header: string | undefined): { clientId: string; secret: string } | undefined => {
  const encoded = /^Basic ([A-Za-z0-9+/]+={0,2})$/i.exec(header ?? '')?.[1];
  if (encoded === undefined || encoded.length > 2 * SECRET_CHARACTERS_MAX) return undefined;
  const [clientId, ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  if (clientId === undefined || rest.length === 0) return undefined;
  try {
    return { clientId: decodeURIComponent(clientId), secret: decodeURIComponent(rest.join(':')) };
  } catch {
    // Not form-encoded: a percent sign stands for itself then, and such a client is not one of ours.
    return undefined;
  }
};

@ApiTags('Access')
@Controller()
export class TokenController {
  constructor(
    private readonly clients: ClientDirectory,
    private readonly secrets: ClientSecrets,
    private readonly issuer: TokenIssuer,
    private readonly verifier: TokenVerifier,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Post('oauth/token')
  @Open()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiSecurity('basic')
  @ApiOperation({
    summary: 'Get an access token',
    description:
      'OAuth 2 client credentials (RFC 6749 section 4.4), client authentication by client_secret_basic. The token is a JWT by RFC 9068 and lives 10 minutes.',
  })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody({ type: TokenRequest })
  @ApiOkResponse({ type: TokenResponse })
  @ApiResponse({
    status: 400,
    type: TokenError,
    description: 'invalid_request, invalid_scope or unsupported_grant_type (RFC 6749 section 5.2)',
  })
  @ApiResponse({ status: 401, type: TokenError, description: 'invalid_client' })
  @ProblemResponses('overloaded')
  async token(
    @Headers('authorization') authorization: string | undefined,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokenResponse | TokenError> {
    const { grant_type: grantType, scope } = (typeof body === 'object' && body !== null ? body : {}) as Record<
      string,
      unknown
    >;
    if (typeof grantType !== 'string' || (scope !== undefined && typeof scope !== 'string'))
      return refuse(reply, 400, 'invalid_request', 'grant_type is missing or given twice');
    if (grantType !== 'client_credentials')
      return refuse(reply, 400, 'unsupported_grant_type', 'only client_credentials is supported');

    const client = await this.authenticate(authorization);
    if (client === undefined) {
      reply.header('www-authenticate', 'Basic realm="shikaku"');
      return refuse(reply, 401, 'invalid_client', 'the client could not be authenticated');
    }
    const asked = scope === undefined ? client.scopes : scope.split(' ').filter((name) => name !== '');
    if (asked.length === 0 || asked.some((name) => !client.scopes.includes(name)))
      return refuse(reply, 400, 'invalid_scope', 'a scope is unknown or not granted to this client');

    const { token, expiresInSeconds } = await this.issuer.issue(client, asked);
    return { access_token: token, token_type: 'Bearer', expires_in: expiresInSeconds, scope: asked.join(' ') };
  }

  /** Keys that verify our tokens (RFC 7517). */
  @Get('.well-known/jwks.json')
  @Open()
  @ApiExcludeEndpoint()
  @Header('cache-control', 'public, max-age=300')
  jwks(): object {
    return this.verifier.jwks;
  }

  /** Where everything is (RFC 8414). */
  @Get('.well-known/oauth-authorization-server')
  @Open()
  @ApiExcludeEndpoint()
  @Header('cache-control', 'public, max-age=300')
  metadata(): object {
    const issuer = this.settings.OAUTH_ISSUER;
    const at = (path: string): string => new URL(path, issuer).href;
    return {
      issuer,
      token_endpoint: at('/oauth/token'),
      jwks_uri: at('/.well-known/jwks.json'),
      scopes_supported: SCOPES,
      response_types_supported: [],
      grant_types_supported: ['client_credentials'],
      token_endpoint_auth_methods_supported: ['client_secret_basic'],
      service_documentation: at('/docs'),
    };
  }

  private async authenticate(authorization: string | undefined): Promise<Client | undefined> {
    const credentials = basicCredentials(authorization);
    if (credentials === undefined || credentials.secret.length > SECRET_CHARACTERS_MAX) return undefined;
    const client = this.clients.find(credentials.clientId);
    return (await this.secrets.match(credentials.secret, client)) ? client : undefined;
  }
}

const refuse = (reply: FastifyReply, status: number, error: TokenErrorCode, description: string): TokenError => {
  reply.status(status);
  return { error, error_description: description };
};
