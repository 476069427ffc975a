import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';

import { CLOCK, type Clock } from '../clock/clock.js';
import { SETTINGS, type Settings } from '../settings/index.js';
import { GuardedRegistry } from './guarded-registry.js';
import { JlisClient } from './jlis-client.js';
import { REGISTRY, REGISTRY_FEED } from './registry.js';

@Global()
@Module({
  providers: [
    {
      provide: JlisClient,
      inject: [SETTINGS],
      useFactory: (settings: Settings) =>
        new JlisClient({ baseUrl: settings.JLIS_URL, timeoutMs: settings.REGISTRY_TIMEOUT_MS }),
    },
    {
      provide: GuardedRegistry,
      inject: [JlisClient, CLOCK, SETTINGS],
      useFactory: (client: JlisClient, clock: Clock, settings: Settings) =>
        new GuardedRegistry((serial, withinMs) => client.certificateStatus(serial, withinMs), clock, {
          timeoutMs: settings.REGISTRY_TIMEOUT_MS,
          resetMs: settings.REGISTRY_BREAKER_RESET_MS,
          callsMax: settings.REGISTRY_CALLS_MAX,
          retryPercent: settings.REGISTRY_RETRY_PERCENT,
          random: Math.random,
        }),
    },
    { provide: REGISTRY, useExisting: GuardedRegistry },
    { provide: REGISTRY_FEED, useExisting: JlisClient },
  ],
  exports: [JlisClient, GuardedRegistry, REGISTRY, REGISTRY_FEED],
})
export class RegistryModule implements OnApplicationShutdown {
  constructor(private readonly registry: GuardedRegistry) {}

  /** The breaker keeps timers, which would keep the process. */
  onApplicationShutdown(): void {
    this.registry.close();
  }
}
