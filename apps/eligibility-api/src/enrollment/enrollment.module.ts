import { Module } from '@nestjs/common';
import { Registry as MetricsRegistry } from 'prom-client';
import { DataSource } from 'typeorm';

import { ACCESSES, type Accesses } from '../accesses/accesses.js';
import { logged, Repeating } from '../background/repeating.js';
import { CLOCK, type Clock } from '../clock/clock.js';
import { RegistrationStore } from '../coverage-store/registration-store.js';
import { FilingFiguresStore } from '../coverage-store/filing-figures-store.js';
import { FilingStore } from '../coverage-store/filing-store.js';
import { ImportStore } from '../coverage-store/import-store.js';
import { RequestShapes } from '../http/request-validation.js';
import { FilingMetrics } from '../metrics/filing-metrics.js';
import { registerBreakerMetrics } from '../metrics/registry-metrics.js';
import { GuardedRegistry } from '../registry/guarded-registry.js';
import { GuardedSearch } from '../registry/guarded-search.js';
import { PERSON_SEARCH, type PersonSearch } from '../registry/person-search.js';
import { RegistryModule } from '../registry/registry.module.js';
import { REGISTRY, type Registry } from '../registry/registry.js';
import { SETTINGS, type Settings } from '../settings/index.js';
import { Vault } from '../vault/vault.js';
import { CARD_REGISTRATIONS, type CardRegistrations } from './card-registrations.js';
import { EnrollmentParts, EnrollmentsController } from './enrollments.controller.js';
import { FileChange } from './file-change.js';
import { FileEnrollment } from './file-enrollment.js';
import { FILING_FIGURES, FilingWatch, type FilingFiguresSource } from './filing-figures.js';
import { FILINGS, type Filings } from './filings.js';
import { ImportParts, ImportsController } from './imports.controller.js';
import { IMPORTS, type Imports } from './imports.js';
import { LookUpQueue } from './look-up-queue.js';
import { LookUp } from './look-up.js';
import { RegisterCard } from './register-card.js';
import { ReviewFiling } from './review-filing.js';
import { SubmitImport } from './submit-import.js';
import { WorkOnImport } from './work-on-import.js';

const READ_FIGURES_EVERY_MS = 5_000;
const FORGET_EVERY_MS = 3_600_000;
const DAY_MS = 24 * 3_600_000;

const ENROLLMENT_TASKS = Symbol('enrollment-tasks');

/** Filings, the queue of their look-ups, and what comes of them. */
@Module({
  imports: [RegistryModule],
  controllers: [EnrollmentsController, ImportsController],
  providers: [
    {
      provide: FILINGS,
      inject: [DataSource, Vault],
      useFactory: (dataSource: DataSource, vault: Vault) => new FilingStore(dataSource, vault),
    },
    {
      provide: CARD_REGISTRATIONS,
      inject: [DataSource],
      useFactory: (dataSource: DataSource) => new RegistrationStore(dataSource),
    },
    {
      provide: RegisterCard,
      inject: [CARD_REGISTRATIONS, REGISTRY, CLOCK],
      useFactory: (registrations: CardRegistrations, registry: Registry, clock: Clock) =>
        new RegisterCard(registrations, registry, clock),
    },
    {
      provide: ReviewFiling,
      inject: [FILINGS, PERSON_SEARCH, CLOCK],
      useFactory: (filings: Filings, search: PersonSearch, clock: Clock) => new ReviewFiling(filings, search, clock),
    },
    {
      provide: FileEnrollment,
      inject: [FILINGS, Vault, CLOCK],
      useFactory: (filings: Filings, vault: Vault, clock: Clock) => new FileEnrollment(filings, vault, clock),
    },
    {
      provide: FileChange,
      inject: [FILINGS, CLOCK],
      useFactory: (filings: Filings, clock: Clock) => new FileChange(filings, clock),
    },
    {
      provide: EnrollmentParts,
      inject: [FILINGS, ACCESSES, CLOCK, GuardedSearch],
      useFactory: (filings: Filings, accesses: Accesses, clock: Clock, search: GuardedSearch) =>
        new EnrollmentParts(
          filings,
          accesses,
          () => clock.now(),
          () => search.isClosed,
        ),
    },
    {
      provide: IMPORTS,
      inject: [DataSource],
      useFactory: (dataSource: DataSource) => new ImportStore(dataSource),
    },
    {
      provide: SubmitImport,
      inject: [IMPORTS, CLOCK],
      useFactory: (imports: Imports, clock: Clock) => new SubmitImport(imports, clock),
    },
    {
      provide: ImportParts,
      inject: [IMPORTS],
      useFactory: (imports: Imports) => new ImportParts(imports),
    },
    {
      provide: WorkOnImport,
      inject: [IMPORTS, FileEnrollment, FileChange, RequestShapes, CLOCK],
      useFactory: (
        imports: Imports,
        fileEnrollment: FileEnrollment,
        fileChange: FileChange,
        shapes: RequestShapes,
        clock: Clock,
      ) => {
        // Validators are compiled from the document, which is there when the first row is looked at and not before.
        const once = (name: string): ReturnType<RequestShapes['of']> => {
          let faults: ReturnType<RequestShapes['of']> | undefined;
          return (filing) => (faults ??= shapes.of(name))(filing);
        };
        return new WorkOnImport({
          imports,
          fileEnrollment,
          fileChange,
          faultsOf: { enrollment: once('EnrollmentFiling'), change: once('QualificationChangeRow') },
          clock,
        });
      },
    },
    {
      provide: FILING_FIGURES,
      inject: [DataSource],
      useFactory: (dataSource: DataSource) => new FilingFiguresStore(dataSource),
    },
    {
      provide: FilingWatch,
      inject: [FILING_FIGURES],
      useFactory: (source: FilingFiguresSource) => new FilingWatch(source),
    },
    {
      provide: FilingMetrics,
      inject: [MetricsRegistry, FilingWatch, GuardedSearch, GuardedRegistry, CLOCK],
      useFactory: (
        registry: MetricsRegistry,
        watch: FilingWatch,
        search: GuardedSearch,
        certificates: GuardedRegistry,
        clock: Clock,
      ) => {
        registerBreakerMetrics(registry, 'shikaku_registry_search', () => search.state);
        registerBreakerMetrics(registry, 'shikaku_registry', () => certificates.state);
        return new FilingMetrics(
          registry,
          () => watch.figures,
          () => clock.now(),
        );
      },
    },
    {
      provide: ENROLLMENT_TASKS,
      inject: [FilingWatch, IMPORTS, CLOCK, SETTINGS],
      useFactory: (watch: FilingWatch, imports: Imports, clock: Clock, { IMPORTS_KEPT_DAYS }: Settings) =>
        new Repeating([
          logged({ name: 'filing-figures', everyMs: READ_FIGURES_EVERY_MS, run: () => watch.look() }),
          logged({
            name: 'import-retention',
            everyMs: FORGET_EVERY_MS,
            run: (signal) => imports.forget(clock.now() - IMPORTS_KEPT_DAYS * DAY_MS, signal),
          }),
        ]),
    },
    {
      provide: LookUpQueue,
      inject: [FILINGS, PERSON_SEARCH, CLOCK, SETTINGS, WorkOnImport, FilingMetrics],
      useFactory: (
        filings: Filings,
        search: PersonSearch,
        clock: Clock,
        { DATABASE_URL, REGISTRY_CALLS_MAX }: Settings,
        workOnImport: WorkOnImport,
        metrics: FilingMetrics,
      ) =>
        new LookUpQueue({
          databaseUrl: DATABASE_URL,
          lookUp: new LookUp(filings, search, clock),
          workOnImport,
          callsMax: REGISTRY_CALLS_MAX,
          random: Math.random,
          failed: (task) => metrics.failed(task),
        }),
    },
  ],
})
export class EnrollmentModule {}
