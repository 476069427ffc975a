import type { Client, ClientDirectory } from './clients.js';
import { ASSERTION_TYPE, type ClientAssertions } from './client-assertion.js';
import type { ClientSecrets } from './client-secrets.js';

const SECRET_CHARACTERS_MAX = 512;

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

/** What a request for a token says about who asks. */
export interface Credentials {
  readonly authorization: string | undefined;
  readonly assertionType: unknown;
  readonly assertion: unknown;
  /** Beside an assertion it has to name the same client (RFC 7521 section 4.2). */
  readonly clientId: unknown;
}

/** `several`: a client may prove itself in one way at a time (RFC 6749 section 2.3). */
export type Authenticated = Client | 'several' | undefined;

/** Who asks for a token: by a secret (`client_secret_basic`) or by a key (`private_key_jwt`). */
export class ClientAuthentication {
  constructor(
    private readonly clients: ClientDirectory,
    private readonly secrets: ClientSecrets,
    private readonly assertions: ClientAssertions,
  ) {}

  authenticate({ authorization, assertionType, assertion, clientId }: Credentials): Promise<Authenticated> {
    if (assertionType === undefined && assertion === undefined) return this.bySecret(authorization);
    if (authorization !== undefined) return Promise.resolve('several');
    return this.byAssertion(assertionType, assertion, clientId);
  }

  private async byAssertion(type: unknown, assertion: unknown, clientId: unknown): Promise<Client | undefined> {
    if (type !== ASSERTION_TYPE || typeof assertion !== 'string') return undefined;
    const client = await this.assertions.clientOf(assertion);
    return clientId === undefined || clientId === client?.clientId ? client : undefined;
  }

  private async bySecret(authorization: string | undefined): Promise<Client | undefined> {
    const credentials = basicCredentials(authorization);
    return credentials === undefined ? undefined : this.withSecret(credentials.clientId, credentials.secret);
  }

  /** By an id and a secret, however they came. */
  async withSecret(clientId: string, secret: string): Promise<Client | undefined> {
    if (secret.length > SECRET_CHARACTERS_MAX) return undefined;
    const client = this.clients.find(clientId);
    return (await this.secrets.match(secret, client)) ? client : undefined;
  }
}
