import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';

import { scopesOfKind, type ClientKind } from '../access/caller.js';
import { hashSecret, secretMatches } from '../access/client-secret.js';
import { ClientEntity } from '../coverage-store/entities/index.js';
import { createFileOnce } from '../settings/secret-file.js';
import { institutions, insurers } from './numbers.js';

interface DemoClient {
  readonly kind: ClientKind;
  readonly institutionCode?: string;
  readonly insurerNumber?: string;
}

const demoClients: Readonly<Record<string, DemoClient>> = {
  'demo-clinic': { kind: 'clinic', institutionCode: institutions.clinic },
  'demo-clinic-2': { kind: 'clinic', institutionCode: institutions.clinic2 },
  'demo-pharmacy': { kind: 'pharmacy', institutionCode: institutions.pharmacy },
  'demo-insurer': { kind: 'insurer', insurerNumber: insurers.society.insurerNumber },
  'demo-operator': { kind: 'operator' },
};

/**
 * Makes the demo clients. Their secrets are random, one set a copy, in `demo-clients.json` of the secrets folder; the store
 * has only their hashes.
 */
export const makeDemoClients = async (dataSource: DataSource, secretsDir: string): Promise<void> => {
  const path = join(secretsDir, 'demo-clients.json');
  const fresh = Object.fromEntries(
    Object.keys(demoClients).map((clientId) => [clientId, randomBytes(24).toString('base64url')]),
  );
  await createFileOnce(path, `${JSON.stringify(fresh, null, 2)}\n`);
  const secrets = JSON.parse(await readFile(path, 'utf8')) as Record<string, string>;

  const repository = dataSource.getRepository(ClientEntity);
  for (const [clientId, { kind, institutionCode, insurerNumber }] of Object.entries(demoClients)) {
    const secret = secrets[clientId];
    if (secret === undefined)
      throw new Error(
        `demo-clients.json of the secrets folder has no secret for ${clientId}; remove the file to have it made anew`,
      );
    const stored = await repository.findOneBy({ clientId });
    await repository.save({
      clientId,
      kind,
      scopes: [...scopesOfKind[kind]],
      institutionCode: institutionCode ?? null,
      insurerNumber: insurerNumber ?? null,
      revokedAt: null,
      secretHash:
        stored?.secretHash != null && (await secretMatches(secret, stored.secretHash))
          ? stored.secretHash
          : await hashSecret(secret),
    });
  }
};
