import { Global, Module, type DynamicModule, type Provider } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { join } from 'node:path';

import { CLOCK, type Clock } from '../clock/clock.js';
import { ClientStore } from '../coverage-store/client-store.js';
import { Quotas } from '../limits/quotas.js';
import { ReplicaFolder } from '../replica/replica-folder.js';
import { ReplicaKeys } from '../replica/replica-keys.js';
import { SETTINGS, type Settings } from '../settings/index.js';
import { AccessGuard } from './access.guard.js';
import { TokenIssuer, TokenVerifier } from './access-tokens.js';
import { Bearer } from './bearer.js';
import { ClientSecrets } from './client-secrets.js';
import { ClientDirectory, type ClientSource } from './clients.js';
import { KeptClients } from './kept-clients.js';
import { RememberedTokens } from './remembered-tokens.js';
import { readSigningKey, readVerifyingKey } from './signing-key.js';
import { TokenController } from './token.controller.js';

const HOUR_MS = 3_600_000;

/** Injection token of `ClientSource`. */
const CLIENT_SOURCE = Symbol('client-source');

const verifying: Provider[] = [
  {
    provide: ClientDirectory,
    inject: [CLIENT_SOURCE],
    // Read before the process listens: until then a good token would be refused as if its client did not exist.
    useFactory: async (source: ClientSource) => {
      const clients = new ClientDirectory(source);
      await clients.refresh();
      return clients;
    },
  },
  {
    provide: TokenVerifier,
    inject: [SETTINGS, CLOCK],
    useFactory: async (settings: Settings, clock: Clock) =>
      new TokenVerifier(
        await readVerifyingKey(settings.SECRETS_DIR),
        { issuer: settings.OAUTH_ISSUER, audience: settings.OAUTH_AUDIENCE },
        clock,
      ),
  },
  {
    provide: RememberedTokens,
    inject: [ClientDirectory, CLOCK],
    useFactory: (clients: ClientDirectory, clock: Clock) => new RememberedTokens(clients, clock),
  },
  {
    provide: Bearer,
    inject: [TokenVerifier, ClientDirectory, RememberedTokens, Quotas],
    useFactory: (tokens: TokenVerifier, clients: ClientDirectory, remembered: RememberedTokens, quotas: Quotas) =>
      new Bearer(tokens, clients, remembered, quotas),
  },
  { provide: APP_GUARD, useClass: AccessGuard },
];

const fromStore: Provider = { provide: CLIENT_SOURCE, useExisting: ClientStore };

/** Beside a replica, which can be answered from while the store is away. */
const fromStoreOrKept: Provider = {
  provide: CLIENT_SOURCE,
  inject: [ClientStore, ReplicaFolder, ReplicaKeys, CLOCK, SETTINGS],
  useFactory: (store: ClientStore, folder: ReplicaFolder, keys: ReplicaKeys, clock: Clock, settings: Settings) => {
    const sealing = keys.of('clients').sealing(true);
    return new KeptClients(
      store,
      join(folder.path, 'clients'),
      {
        seal: (text) => sealing.seal('clients', 0n, text),
        open: (sealed) => sealing.open('clients', 0n, sealed).toString('utf8'),
      },
      clock,
      settings.COVERAGE_MAX_AGE_HOURS * HOUR_MS,
    );
  },
};

const issuing: Provider[] = [
  { provide: ClientSecrets, useFactory: () => new ClientSecrets() },
  {
    provide: TokenIssuer,
    inject: [SETTINGS, CLOCK],
    useFactory: async (settings: Settings, clock: Clock) =>
      new TokenIssuer(
        await readSigningKey(settings.SECRETS_DIR),
        {
          issuer: settings.OAUTH_ISSUER,
          audience: settings.OAUTH_AUDIENCE,
          lifetimeSeconds: settings.ACCESS_TOKEN_SECONDS,
        },
        clock,
      ),
  },
];

/** Who calls. Every operation of an application passes the guard; tokens are issued by the counter alone. */
@Global()
@Module({})
export class AccessModule {
  static verifying(): DynamicModule {
    return {
      module: AccessModule,
      providers: [fromStore, ...verifying],
      exports: [Bearer, ClientDirectory, RememberedTokens],
    };
  }

  static issuing(): DynamicModule {
    return {
      module: AccessModule,
      controllers: [TokenController],
      providers: [fromStoreOrKept, ...verifying, ...issuing],
      exports: [Bearer, ClientDirectory, RememberedTokens],
    };
  }
}
