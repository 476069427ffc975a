import { Global, Module, type DynamicModule, type Provider } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';

import { CLOCK, type Clock } from '../clock/clock.js';
import { ClientStore } from '../coverage-store/client-store.js';
import { SETTINGS, type Settings } from '../settings/index.js';
import { AccessGuard } from './access.guard.js';
import { TokenIssuer, TokenVerifier } from './access-tokens.js';
import { Bearer } from './bearer.js';
import { ClientDirectory } from './clients.js';
import { RememberedTokens } from './remembered-tokens.js';
import { readSigningKey, readVerifyingKey } from './signing-key.js';
import { TokenController } from './token.controller.js';

const verifying: Provider[] = [
  {
    provide: ClientDirectory,
    inject: [ClientStore],
    // Read before the process listens: until then a good token would be refused as if its client did not exist.
    useFactory: async (store: ClientStore) => {
      const clients = new ClientDirectory(store);
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
    inject: [TokenVerifier, ClientDirectory, RememberedTokens],
    useFactory: (tokens: TokenVerifier, clients: ClientDirectory, remembered: RememberedTokens) =>
      new Bearer(tokens, clients, remembered),
  },
  { provide: APP_GUARD, useClass: AccessGuard },
];

const issuing: Provider[] = [
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
    return { module: AccessModule, providers: verifying, exports: [Bearer, ClientDirectory, RememberedTokens] };
  }

  static issuing(): DynamicModule {
    return {
      module: AccessModule,
      controllers: [TokenController],
      providers: [...verifying, ...issuing],
      exports: [Bearer, ClientDirectory, RememberedTokens],
    };
  }
}
