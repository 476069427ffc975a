import type { JSONWebKeySet } from 'jose';

import type { ClientKind } from './caller.js';

/** Somebody who may ask for tokens. */
export interface Client {
  readonly clientId: string;
  readonly kind: ClientKind;
  readonly secretHash?: string;
  /** Public keys by which it proves itself (RFC 7523). */
  readonly jwks?: JSONWebKeySet;
  /** Its tokens are bound to a key (RFC 9449); others are not accepted. */
  readonly boundTokens?: boolean;
  readonly scopes: readonly string[];
  readonly institutionCode?: string;
  readonly insurerNumber?: string;
  readonly revoked: boolean;
}

/** Whether a client may use such a token, `keyThumbprint` being that of the key it is bound to. */
export const acceptsToken = ({ boundTokens }: Client, keyThumbprint: string | undefined): boolean =>
  boundTokens !== true || keyThumbprint !== undefined;

/** Where clients come from. */
export interface ClientSource {
  all(): Promise<readonly Client[]>;
}

/**
 * The clients, in memory: tokens go on being issued and accepted while the store is away, from what was last read. Refreshed
 * every few seconds, so that a revoked client is refused soon after.
 */
export class ClientDirectory {
  private clients = new Map<string, Client>();

  constructor(private readonly source: ClientSource) {}

  async refresh(): Promise<void> {
    this.clients = new Map((await this.source.all()).map((client) => [client.clientId, client]));
  }

  /** A client that exists and is not revoked. */
  find(clientId: string): Client | undefined {
    const client = this.clients.get(clientId);
    return client?.revoked === true ? undefined : client;
  }
}
