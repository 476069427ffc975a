import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';

import { CLOCK, type Clock } from '../clock/clock.js';
import { SETTINGS, type Settings } from '../settings/index.js';
import { GuardedSearch } from './guarded-search.js';
import { JlisClient } from './jlis-client.js';
import { PERSON_SEARCH } from './person-search.js';

/** The registry as the office needs it: the search, without certificates and their feed. */
@Global()
@Module({
  providers: [
    {
      provide: GuardedSearch,
      inject: [CLOCK, SETTINGS],
      useFactory: (clock: Clock, settings: Settings) => {
        const client = new JlisClient({ baseUrl: settings.JLIS_URL, timeoutMs: settings.REGISTRY_TIMEOUT_MS });
        return new GuardedSearch((question, withinMs) => client.searchPeople(question, withinMs), clock, {
          timeoutMs: settings.REGISTRY_TIMEOUT_MS,
          resetMs: settings.REGISTRY_BREAKER_RESET_MS,
          callsMax: settings.REGISTRY_CALLS_MAX,
          retryPercent: settings.REGISTRY_RETRY_PERCENT,
          random: Math.random,
        });
      },
    },
    { provide: PERSON_SEARCH, useExisting: GuardedSearch },
  ],
  exports: [GuardedSearch, PERSON_SEARCH],
})
export class RegistrySearchModule implements OnApplicationShutdown {
  constructor(private readonly search: GuardedSearch) {}

  /** The breaker keeps timers, which would keep the process. */
  onApplicationShutdown(): void {
    this.search.close();
  }
}
