import { Global, Module } from '@nestjs/common';

import { CLOCK, type Clock } from '../clock/clock.js';
import { CredentialStore } from '../coverage-store/credential-store.js';
import { GuardedRegistry } from '../registry/guarded-registry.js';
import { REGISTRY_FEED, type RegistryFeed } from '../registry/registry.js';
import { REPLICA_VIEW, type ReplicaView } from '../replica/replica-view.js';
import { keeps, ROLE, type Role } from '../runtime/role.js';
import { SETTINGS, type Settings } from '../settings/index.js';
import { CertificateFeed } from './certificate-feed.js';
import { CertificateStatus } from './certificate-status.js';
import { CERTIFICATE_STATUS, type CertificateStatusView } from './certificate-status-view.js';
import { SeenCertificates } from './seen-certificates.js';

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
    {
      provide: CERTIFICATE_STATUS,
      inject: [CertificateStatus, REPLICA_VIEW, GuardedRegistry, CLOCK, SETTINGS, ROLE],
      useFactory: (
        read: CertificateStatus,
        replica: ReplicaView,
        registry: GuardedRegistry,
        clock: Clock,
        settings: Settings,
        role: Role,
      ): CertificateStatusView =>
        keeps(role) ? read : new SeenCertificates(replica, registry, clock, settings.REGISTRY_DEGRADED_AFTER_MS),
    },
  ],
  exports: [CertificateStatus, CERTIFICATE_STATUS],
})
export class CertificateStatusModule {}
