import type { DataSource } from 'typeorm';

import type { ClientKind } from '../access/caller.js';
import type { Client, ClientSource } from '../access/clients.js';
import { ClientEntity } from './entities/index.js';

/** The clients in PostgreSQL. */
export class ClientStore implements ClientSource {
  constructor(private readonly dataSource: DataSource) {}

  async all(): Promise<readonly Client[]> {
    const rows = await this.dataSource.getRepository(ClientEntity).find();
    return rows.map((row) => ({
      clientId: row.clientId,
      kind: row.kind as ClientKind,
      ...(row.secretHash === null ? {} : { secretHash: row.secretHash }),
      ...(row.jwks === null ? {} : { jwks: row.jwks }),
      boundTokens: row.boundTokens,
      scopes: row.scopes,
      ...(row.institutionCode === null ? {} : { institutionCode: row.institutionCode }),
      ...(row.insurerNumber === null ? {} : { insurerNumber: row.insurerNumber }),
      revoked: row.revokedAt !== null,
    }));
  }
}
