import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** `POST /oauth/token`, form-encoded (RFC 6749 section 4.4). */
export class TokenRequest {
  @ApiProperty({
    description: 'Always client_credentials',
    enum: ['client_credentials'],
    example: 'client_credentials',
  })
  grant_type: 'client_credentials';

  @ApiPropertyOptional({
    description: 'Space-separated; default: every scope of the client',
    maxLength: 500,
    example: 'eligibility:check checks:read',
  })
  scope?: string;

  @ApiPropertyOptional({
    description: 'With a client_assertion: how it is to be read (RFC 7523)',
    enum: ['urn:ietf:params:oauth:client-assertion-type:jwt-bearer'],
    example: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  })
  client_assertion_type?: string;

  @ApiPropertyOptional({
    description:
      'Instead of a secret: a JWT signed with a key of the client (private_key_jwt), iss and sub the client, aud the issuer, a jti used once, exp at most 5 minutes ahead',
    maxLength: 8192,
    example: 'eyJhbGciOiJFUzI1NiIsImtpZCI6IjEifQ…',
  })
  client_assertion?: string;

  @ApiPropertyOptional({
    description: 'Beside a client_assertion: the client once more',
    maxLength: 255,
    example: 'clinic-17',
  })
  client_id?: string;
}

/** An access token (RFC 6749 section 5.1; the token is a JWT by RFC 9068). */
export class TokenResponse {
  @ApiProperty({
    description: 'The token: a signed JWT (RFC 9068), to be sent as Authorization: Bearer',
    maxLength: 4096,
    example: 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9…',
  })
  access_token: string;

  @ApiProperty({
    description: 'RFC 6750; DPoP where the token is bound to the key of a proof (RFC 9449)',
    enum: ['Bearer', 'DPoP'],
    example: 'Bearer',
  })
  token_type: 'Bearer' | 'DPoP';

  @ApiProperty({
    description: 'Seconds until the token ends, 600 at most',
    type: 'integer',
    minimum: 1,
    maximum: 600,
    example: 600,
  })
  expires_in: number;

  @ApiProperty({
    description: 'Scopes of the token, space-separated',
    maxLength: 500,
    example: 'eligibility:check checks:read',
  })
  scope: string;
}

/** Errors of the token endpoint have the shape of RFC 6749 section 5.2, with the problem's code beside it. */
export class TokenError {
  @ApiProperty({
    description: 'Code of RFC 6749 section 5.2 or RFC 9449',
    enum: [
      'invalid_request',
      'invalid_client',
      'invalid_scope',
      'unsupported_grant_type',
      'invalid_dpop_proof',
      'use_dpop_nonce',
    ],
    example: 'invalid_client',
  })
  error: string;

  @ApiProperty({
    description: 'For whoever wrote the calling program',
    maxLength: 300,
    example: 'The client could not be authenticated',
  })
  error_description: string;
}
