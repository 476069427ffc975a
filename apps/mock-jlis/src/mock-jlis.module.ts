import { randomUUID } from 'node:crypto';

import { type DynamicModule, Module } from '@nestjs/common';
import type { Logger } from 'pino';

import { tokyoDay } from './calendar/civil-day.js';
import type { Clock } from './clock/clock.js';
import { FaultHook } from './faults/fault-hook.js';
import { Faults } from './faults/faults.js';
import { FaultsController } from './faults/faults.controller.js';
import { HealthController } from './health/health.controller.js';
import { SyntheticPopulation } from './population/synthetic-population.js';
import { AdminController } from './registry/admin.controller.js';
import { ResidentsController } from './registry/residents.controller.js';
import { CertificatesController } from './registry/certificates.controller.js';
import { ChangeFeed } from './registry/change-feed.js';
import { PersonSearch } from './registry/person-search.js';
import { PersonSearchesController } from './registry/person-searches.controller.js';
import { PopulationController } from './registry/population.controller.js';
import { generationOf, Registry } from './registry/registry.js';
import type { Settings } from './settings/settings.js';

export interface Parts {
  settings: Settings;
  clock: Clock;
  log: Logger;
  /** Changes kept in memory for readers of the feed. */
  retainedChanges?: number | undefined;
}

/** Where the parts meet. */
@Module({})
export class MockJlisModule {
  static of({ settings, clock, log, retainedChanges }: Parts): DynamicModule {
    const startedOn = tokyoDay(clock.now());
    const synthetic = new SyntheticPopulation(settings.populationSeed, settings.population, startedOn);
    const life = randomUUID().slice(0, 8);
    const registry = new Registry(
      synthetic,
      clock,
      new ChangeFeed(generationOf(synthetic, startedOn, life), retainedChanges),
    );
    const faults = new Faults(clock);
    return {
      module: MockJlisModule,
      controllers: [
        CertificatesController,
        PersonSearchesController,
        PopulationController,
        FaultsController,
        AdminController,
        ResidentsController,
        HealthController,
      ],
      providers: [
        { provide: Registry, useValue: registry },
        { provide: PersonSearch, useValue: new PersonSearch(registry) },
        { provide: Faults, useValue: faults },
        { provide: FaultHook, useValue: new FaultHook(faults, clock, log) },
      ],
    };
  }
}
