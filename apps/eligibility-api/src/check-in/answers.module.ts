import { Global, Module } from '@nestjs/common';

import { renderAnswer } from '../answers/answer-text.js';
import { textOfRow } from '../answers/ready-row.js';
import { OPEN_ROW, RENDER_ANSWER, type OpenRow } from '../check-log/check-log.js';
import { KEPT_ROWS, READY_BUILDER, type KeptRows } from '../replica/replica-view.js';
import { SETTINGS, type Settings } from '../settings/index.js';
import { AnswerKeys, readAnswerKey } from './answer-keys.js';
import { readyBuilder } from './build-ready.js';

/** How answers are made ahead and put together again: lent to the replica, which keeps them, and to the record, which shows them. */
@Global()
@Module({
  providers: [
    {
      provide: AnswerKeys,
      inject: [SETTINGS],
      useFactory: async (settings: Settings) => new AnswerKeys(await readAnswerKey(settings.SECRETS_DIR)),
    },
    {
      provide: READY_BUILDER,
      inject: [AnswerKeys, SETTINGS],
      useFactory: (keys: AnswerKeys, settings: Settings) => readyBuilder(keys, settings.PLANNED_TABLES === 'on'),
    },
    { provide: RENDER_ANSWER, useValue: renderAnswer },
    {
      provide: OPEN_ROW,
      inject: [KEPT_ROWS],
      useFactory:
        (rows: KeptRows): OpenRow =>
        (row) =>
          textOfRow(rows.openKept(row)),
    },
  ],
  exports: [AnswerKeys, READY_BUILDER, RENDER_ANSWER, OPEN_ROW],
})
export class AnswersModule {}
