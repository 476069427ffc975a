import { Module, type DynamicModule, type OnApplicationBootstrap } from '@nestjs/common';
import { collectDefaultMetrics, Registry as MetricsRegistry } from 'prom-client';

import { AccessKeys } from './access/access-keys.js';
import { AccessesModule } from './accesses/accesses.module.js';
import { AccessModule } from './access/access.module.js';
import { ClientDirectory } from './access/clients.js';
import { logged, Repeating } from './background/repeating.js';
import type { Clock } from './clock/clock.js';
import { CommonModule } from './common.module.js';
import { StoreModule } from './coverage-store/store.module.js';
import { DocumentsModule } from './documents/documents.module.js';
import { EnrollmentModule } from './enrollment/enrollment.module.js';
import { Readiness } from './health/readiness.js';
import { RegistrySearchModule } from './registry/registry-search.module.js';
import type { Settings } from './settings/index.js';
import { VaultModule } from './vault/vault.module.js';

const REFRESH_CLIENTS_EVERY_MS = 5_000;
const REFRESH_KEYS_EVERY_MS = 5_000;
/** A key that an outside issuer has withdrawn is refused after this. */
const REFRESH_OUTSIDE_KEYS_EVERY_MS = 60_000;

/**
 * The process for insurers, under its own database role and with keys that the counter has not. Tokens come from the counter; it can
 * verify them, and has no key to make one.
 */
@Module({})
export class OfficeModule implements OnApplicationBootstrap {
  constructor(
    private readonly readiness: Readiness,
    private readonly background: Repeating,
  ) {}

  static with(settings: Settings, clock: Clock): DynamicModule {
    return {
      module: OfficeModule,
      imports: [
        CommonModule.with(settings, clock),
        StoreModule,
        AccessModule.verifying(),
        RegistrySearchModule,
        VaultModule,
        EnrollmentModule,
        DocumentsModule,
        AccessesModule,
      ],
      providers: [
        {
          provide: Repeating,
          inject: [ClientDirectory, AccessKeys, MetricsRegistry],
          useFactory: (clients: ClientDirectory, keys: AccessKeys, metrics: MetricsRegistry) => {
            collectDefaultMetrics({ register: metrics });
            return new Repeating([
              logged({ name: 'clients', everyMs: REFRESH_CLIENTS_EVERY_MS, run: () => clients.refresh() }),
              logged({ name: 'access-keys', everyMs: REFRESH_KEYS_EVERY_MS, run: () => keys.refresh() }),
              logged({ name: 'issuer-keys', everyMs: REFRESH_OUTSIDE_KEYS_EVERY_MS, run: () => keys.refreshOutside() }),
            ]);
          },
        },
      ],
    };
  }

  onApplicationBootstrap(): void {
    void this.background.triedOnce('clients').then(() => this.readiness.started());
  }
}
