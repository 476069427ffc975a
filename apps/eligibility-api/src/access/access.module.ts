import { Global, Module, type DynamicModule, type Provider } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { join } from 'node:path';

import { CLOCK, type Clock } from '../clock/clock.js';
import { ClientStore } from '../coverage-store/client-store.js';
import { Quotas } from '../limits/quotas.js';
import { UsedIdStore } from '../coverage-store/used-id-store.js';
import { ReplicaFolder } from '../replica/replica-folder.js';
import { ReplicaKeys } from '../replica/replica-keys.js';
import { SETTINGS, type Settings } from '../settings/index.js';
import { AccessGuard } from './access.guard.js';
import { AccessKeys } from './access-keys.js';
import { TokenIssuer, TokenVerifier } from './access-tokens.js';
import { Bearer } from './bearer.js';
import { ClientSecrets } from './client-secrets.js';
import { ClientAssertions } from './client-assertion.js';
import { ClientAuthentication } from './client-authentication.js';
import { ClientDirectory, type ClientSource } from './clients.js';
import { readDpopNonceKey } from './dpop-nonce-key.js';
import { DpopNonces } from './dpop-nonces.js';
import { DpopProofs } from './dpop-proof.js';
import { KeptClients } from './kept-clients.js';
import { RememberedTokens } from './remembered-tokens.js';
import { SigningKeys, VerifyingKeys } from './signing-key.js';
import { OutsideKeys } from './outside-keys.js';
import { originsOf } from './public-origins.js';
import { TokenController } from './token.controller.js';
import { UsedOnce } from './used-once.js';

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
    provide: VerifyingKeys,
    inject: [SETTINGS, CLOCK],
    useFactory: ({ SECRETS_DIR }: Settings, clock: Clock) => VerifyingKeys.read(SECRETS_DIR, clock),
  },
  {
    provide: OutsideKeys,
    inject: [SETTINGS, CLOCK],
    useFactory: ({ OUTSIDE_ISSUER_JWKS_URL }: Settings, clock: Clock) =>
      OUTSIDE_ISSUER_JWKS_URL === undefined ? undefined : new OutsideKeys({ url: OUTSIDE_ISSUER_JWKS_URL, clock }),
  },
  {
    provide: TokenVerifier,
    inject: [VerifyingKeys, SETTINGS, CLOCK, { token: OutsideKeys, optional: true }],
    useFactory: (keys: VerifyingKeys, settings: Settings, clock: Clock, outside?: OutsideKeys) =>
      new TokenVerifier(
        keys,
        { issuer: settings.OAUTH_ISSUER, audience: settings.OAUTH_AUDIENCE },
        clock,
        outside === undefined || settings.OUTSIDE_ISSUER === undefined
          ? undefined
          : { issuer: settings.OUTSIDE_ISSUER, key: outside.key },
      ),
  },
  {
    provide: AccessKeys,
    inject: [VerifyingKeys, { token: SigningKeys, optional: true }, { token: OutsideKeys, optional: true }],
    useFactory: (verifying: VerifyingKeys, signing?: SigningKeys, outside?: OutsideKeys) =>
      new AccessKeys(verifying, signing, outside),
  },
  {
    provide: UsedOnce,
    inject: [UsedIdStore, CLOCK],
    useFactory: (store: UsedIdStore, clock: Clock) => new UsedOnce(store, clock),
  },
  {
    provide: DpopProofs,
    inject: [UsedOnce, CLOCK, SETTINGS],
    useFactory: async (used: UsedOnce, clock: Clock, settings: Settings) =>
      new DpopProofs({
        origins: originsOf(settings),
        nonces: new DpopNonces(await readDpopNonceKey(settings.SECRETS_DIR), clock),
        nonceRequired: settings.DPOP_NONCE === 'required',
        used,
        clock,
      }),
  },
  {
    provide: RememberedTokens,
    inject: [ClientDirectory, CLOCK],
    useFactory: (clients: ClientDirectory, clock: Clock) => new RememberedTokens(clients, clock),
  },
  {
    provide: Bearer,
    inject: [TokenVerifier, ClientDirectory, RememberedTokens, Quotas, DpopProofs, CLOCK],
    useFactory: (
      tokens: TokenVerifier,
      clients: ClientDirectory,
      remembered: RememberedTokens,
      quotas: Quotas,
      proofs: DpopProofs,
      clock: Clock,
    ) =>
      new Bearer({
        tokens,
        clients,
        remembered,
        quotas,
        proofs,
        rememberedBound: new RememberedTokens(clients, clock),
      }),
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
    provide: ClientAuthentication,
    inject: [ClientDirectory, ClientSecrets, UsedOnce, CLOCK, SETTINGS],
    useFactory: (clients: ClientDirectory, secrets: ClientSecrets, used: UsedOnce, clock: Clock, settings: Settings) =>
      new ClientAuthentication(
        clients,
        secrets,
        new ClientAssertions({ clients, issuer: settings.OAUTH_ISSUER, used, clock }),
      ),
  },
  {
    provide: SigningKeys,
    inject: [SETTINGS],
    useFactory: ({ SECRETS_DIR }: Settings) => SigningKeys.read(SECRETS_DIR),
  },
  {
    provide: TokenIssuer,
    inject: [SigningKeys, SETTINGS, CLOCK],
    useFactory: (keys: SigningKeys, settings: Settings, clock: Clock) =>
      new TokenIssuer(
        keys,
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
      exports: [Bearer, ClientDirectory, RememberedTokens, UsedOnce, AccessKeys],
    };
  }

  static issuing(): DynamicModule {
    return {
      module: AccessModule,
      controllers: [TokenController],
      providers: [fromStoreOrKept, ...verifying, ...issuing],
      exports: [Bearer, ClientDirectory, RememberedTokens, UsedOnce, AccessKeys, ClientAuthentication, TokenIssuer],
    };
  }
}
