import { Module } from '@nestjs/common';

import { readSubjectKey, SubjectKey } from '../check-in/subject-key.js';
import { CLOCK, type Clock } from '../clock/clock.js';
import { SETTINGS, type Settings } from '../settings/index.js';
import { AccessesController } from './accesses.controller.js';
import { ACCESSES, type Accesses } from './accesses.js';
import { ListAccesses } from './list-accesses.js';

/** Who looked at whose record, for the office. */
@Module({
  controllers: [AccessesController],
  providers: [
    {
      provide: SubjectKey,
      inject: [SETTINGS],
      useFactory: (settings: Settings) => readSubjectKey(settings.VAULT_SECRETS_DIR),
    },
    {
      provide: ListAccesses,
      inject: [ACCESSES, SubjectKey, CLOCK],
      useFactory: (accesses: Accesses, key: SubjectKey, clock: Clock) =>
        new ListAccesses(accesses, key, () => clock.now()),
    },
  ],
})
export class AccessesModule {}
