import { Global, Module } from '@nestjs/common';

import { CLOCK, type Clock } from '../clock/clock.js';
import { CredentialStore } from '../coverage-store/credential-store.js';
import { GuardedRegistry } from '../registry/guarded-registry.js';
import { REGISTRY_FEED, type RegistryFeed } from '../registry/registry.js';
import { SETTINGS, type Settings } from '../settings/index.js';
import { CertificateFeed } from './certificate-feed.js';
import { CertificateStatus } from './certificate-status.js';

const HOUR_MS = 3_600_000;

@Global()
@Module({
  providers: [
    {
      provide: CertificateStatus,
      inject: [REGISTRY_FEED, CredentialStore, GuardedRegistry, CLOCK, SETTINGS],
      useFactory: (
        feed: RegistryFeed,
        store: CredentialStore,
        registry: GuardedRegistry,
        clock: Clock,
        settings: Settings,
      ) =>
        new CertificateStatus(new CertificateFeed(feed, store, clock), registry, clock, {
          awayAfterMs: settings.REGISTRY_DEGRADED_AFTER_MS,
          usableForMs: settings.CREDENTIAL_MAX_AGE_HOURS * HOUR_MS,
        }),
    },
  ],
  exports: [CertificateStatus],
})
export class CertificateStatusModule {}
