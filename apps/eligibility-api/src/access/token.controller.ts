import { TokenError, TokenRequest, TokenResponse } from '@app/contracts';
import { Body, Controller, Get, Header, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiExcludeEndpoint,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiResponse,
  ApiSecurity,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { ProblemResponses } from '../http/problem-responses.js';
import { SETTINGS, type Settings } from '../settings/index.js';
import { Open } from './access.guard.js';
import { TokenIssuer, TokenVerifier } from './access-tokens.js';
import { SCOPES } from './caller.js';
import { ClientAuthentication } from './client-authentication.js';
import { CALLERS_ALGORITHMS, DpopProofs, type ProofFault, type Proven } from './dpop-proof.js';

type TokenErrorCode = 'invalid_request' | 'invalid_client' | 'invalid_scope' | 'unsupported_grant_type' | ProofFault;

const PATH = '/oauth/token';

@ApiTags('Access')
@Controller()
export class TokenController {
  constructor(
    private readonly authentication: ClientAuthentication,
    private readonly proofs: DpopProofs,
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
      'OAuth 2 client credentials (RFC 6749 section 4.4), client authentication by client_secret_basic or private_key_jwt (RFC 7523). The token is a JWT by RFC 9068 and lives 10 minutes. With a DPoP proof it is bound to the key that made it (RFC 9449).',
  })
  @ApiHeader({
    name: 'DPoP',
    required: false,
    description: 'Proof of possession (RFC 9449), for a token that is bound to its key',
    schema: { type: 'string', maxLength: 4096 },
  })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody({ type: TokenRequest })
  @ApiOkResponse({ type: TokenResponse })
  @ApiResponse({
    status: 400,
    type: TokenError,
    description:
      'invalid_request, invalid_scope or unsupported_grant_type (RFC 6749 section 5.2); invalid_dpop_proof or use_dpop_nonce (RFC 9449)',
  })
  @ApiResponse({ status: 401, type: TokenError, description: 'invalid_client' })
  @ProblemResponses('overloaded')
  async token(
    @Req() { headers }: FastifyRequest,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokenResponse | TokenError> {
    const {
      grant_type: grantType,
      scope,
      client_id: clientId,
      client_assertion: assertion,
      client_assertion_type: assertionType,
    } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
    if (typeof grantType !== 'string' || (scope !== undefined && typeof scope !== 'string'))
      return refuse(reply, 400, 'invalid_request', 'grant_type is missing or given twice');
    if (grantType !== 'client_credentials')
      return refuse(reply, 400, 'unsupported_grant_type', 'only client_credentials is supported');

    const { authorization, dpop } = headers;
    const client = await this.authentication.authenticate({ authorization, assertionType, assertion, clientId });
    if (client === 'several')
      return refuse(reply, 400, 'invalid_request', 'a client proves itself in one way, not in two');
    if (client === undefined) {
      reply.header('www-authenticate', 'Basic realm="shikaku"');
      return refuse(reply, 401, 'invalid_client', 'the client could not be authenticated');
    }
    const asked = scope === undefined ? client.scopes : scope.split(' ').filter((name) => name !== '');
    if (asked.length === 0 || asked.some((name) => !client.scopes.includes(name)))
      return refuse(reply, 400, 'invalid_scope', 'a scope is unknown or not granted to this client');

    const proven = await this.boundTo(dpop);
    if (proven === undefined && client.boundTokens === true)
      return refuse(reply, 400, 'invalid_dpop_proof', 'the tokens of this client are bound to a key: send a proof');
    if (proven !== undefined && 'fault' in proven) {
      reply.header('dpop-nonce', this.proofs.nonce);
      return refuse(reply, 400, proven.fault, 'the proof of possession is not acceptable, or needs the nonce');
    }
    const { token, expiresInSeconds } = await this.issuer.issue(client, asked, proven?.thumbprint);
    return {
      access_token: token,
      token_type: proven === undefined ? 'Bearer' : 'DPoP',
      expires_in: expiresInSeconds,
      scope: asked.join(' '),
    };
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
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: CALLERS_ALGORITHMS,
      dpop_signing_alg_values_supported: CALLERS_ALGORITHMS,
      service_documentation: at('/docs'),
    };
  }

  /** Whoever sends a proof gets a token that is bound to its key (RFC 9449 section 5); undefined for whoever sends none. */
  private async boundTo(proof: string | string[] | undefined): Promise<Proven | undefined> {
    if (proof === undefined) return undefined;
    return typeof proof === 'string'
      ? this.proofs.judge(proof, { method: 'POST', path: PATH })
      : { fault: 'invalid_dpop_proof' };
  }
}

const refuse = (reply: FastifyReply, status: number, error: TokenErrorCode, description: string): TokenError => {
  reply.status(status);
  return { error, error_description: description };
};
