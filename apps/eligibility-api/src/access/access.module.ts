import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';

import { CLOCK, type Clock } from '../clock/clock.js';
import { ClientStore } from '../coverage-store/client-store.js';
import { SETTINGS, type Settings } from '../settings/index.js';
import { AccessGuard } from './access.guard.js';
import { AccessTokens } from './access-tokens.js';
import { Bearer } from './bearer.js';
import { ClientDirectory } from './clients.js';
import { readSigningKey } from './signing-key.js';

/** Who calls. Every operation of the application passes the guard; the token endpoint is the counter's alone. */
@Global()
@Module({
  providers: [
    {
      provide: ClientDirectory,
      inject: [ClientStore],
      useFactory: (store: ClientStore) => new ClientDirectory(store),
    },
    {
      provide: AccessTokens,
      inject: [SETTINGS, CLOCK],
      useFactory: async (settings: Settings, clock: Clock) =>
        new AccessTokens(
          await readSigningKey(settings.SECRETS_DIR),
          {
            issuer: settings.OAUTH_ISSUER,
            audience: settings.OAUTH_AUDIENCE,
            lifetimeSeconds: settings.ACCESS_TOKEN_SECONDS,
          },
          clock,
        ),
    },
    {
      provide: Bearer,
      inject: [AccessTokens, ClientDirectory],
      useFactory: (tokens: AccessTokens, clients: ClientDirectory) => new Bearer(tokens, clients),
    },
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [AccessTokens, ClientDirectory, Bearer],
})
export class AccessModule {}
