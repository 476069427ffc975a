import { Global, Module } from '@nestjs/common';

import { CLOCK, type Clock } from '../clock/clock.js';
import { FactsStore } from '../coverage-store/facts-store.js';
import { SETTINGS, type Settings } from '../settings/index.js';
import { FACTS_READER } from './facts-reader.js';
import { KeptFacts } from './kept-facts.js';

/** Changes are read four times a second; missing a few of them is no reason to distrust what is kept. */
const CURRENT_FOR_MS = 2_000;

@Global()
@Module({
  providers: [
    {
      provide: KeptFacts,
      inject: [FactsStore, CLOCK, SETTINGS],
      useFactory: (store: FactsStore, clock: Clock, settings: Settings) =>
        new KeptFacts(store, clock, { max: settings.FACTS_CACHE_MAX, currentForMs: CURRENT_FOR_MS }),
    },
    { provide: FACTS_READER, useExisting: KeptFacts },
  ],
  exports: [KeptFacts, FACTS_READER],
})
export class ReplicaModule {}
