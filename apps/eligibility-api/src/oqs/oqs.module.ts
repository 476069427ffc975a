import { Logger, Module } from '@nestjs/common';

import { ClientDirectory } from '../access/clients.js';
import { logged, Repeating } from '../background/repeating.js';
import { BatchModule } from '../batch/batch.module.js';
import { BatchResults } from '../batch/batch-results.js';
import { BatchSeal } from '../batch/batch-seal.js';
import { BATCHES, type Batches } from '../batch/batches.js';
import { SubmitBatch } from '../batch/submit-batch.js';
import { AnswerKeys } from '../check-in/answer-keys.js';
import { AskOnce } from '../check-in/ask-once.js';
import { CheckInModule } from '../check-in/check-in.module.js';
import { VerifyEligibility } from '../check-in/verify-eligibility.js';
import { CLOCK, systemClock, type Clock } from '../clock/clock.js';
import { CheckMetrics } from '../metrics/check-metrics.js';
import { ProblemException } from '../problems/problem.exception.js';
import { keeps, ROLE, type Role } from '../runtime/role.js';
import { SETTINGS, type Settings } from '../settings/index.js';
import { AskFace } from './ask-face.js';
import { AskSingle } from './ask-single.js';
import { BulkDesk } from './bulk-desk.js';
import { FACES, type OqsClient } from './client.js';
import { DeskUnreachable } from './desk.js';
import { DropFolder } from './folder/drop-folder.js';
import { dataFolderOf } from './folder/folder-command.js';
import { FolderService, loggedEvents } from './folder/folder-service.js';
import { MessageDesk } from './message-desk.js';
import { MessagesController } from './messages.controller.js';
import { ReadAppText } from './read-app-text.js';
import { RECEPTIONS, type Receptions } from './receptions.js';
import { REFERENCE_NUMBERS, type ReferenceNumbers } from './reference-numbers.js';
import { RegisterNumbers } from './register-numbers.js';
import { WebApiController } from './web-api.controller.js';

const HOUR_MS = 3_600_000;
const FORGET_EVERY_MS = 600_000;
const RECEPTION_TASKS = Symbol('reception-tasks');

/** What goes wrong inside a message leaves as a message, so that no filter sees it: it is told of here. */
const tellFailure = (): ((error: unknown) => void) => {
  const logger = new Logger('Oqs');
  return (error) => {
    const { name: cause } = error as { name?: string };
    if (!(error instanceof ProblemException)) logger.error({ event: 'message-unanswered', cause });
    else if (error.status >= 500) logger.warn({ event: 'message-unanswered', code: error.code });
    else logger.debug({ event: 'message-refused', code: error.code });
  };
};

/** The national system's own interface: its web API, its XML messages, and the folder that they are dropped into. */
@Module({
  imports: [CheckInModule, BatchModule],
  controllers: [WebApiController, MessagesController],
  providers: [
    {
      provide: AskSingle,
      inject: [VerifyEligibility, AskOnce, CLOCK, CheckMetrics],
      useFactory: (verify: VerifyEligibility, once: AskOnce, clock: Clock, metrics: CheckMetrics) =>
        new AskSingle({
          verify,
          once,
          clock,
          answered: (given, tookMs) => metrics.answered(given, tookMs),
          failed: tellFailure(),
        }),
    },
    {
      provide: AskFace,
      inject: [VerifyEligibility, CheckMetrics],
      useFactory: (verify: VerifyEligibility, metrics: CheckMetrics) =>
        new AskFace({ verify, answered: (given, tookMs) => metrics.answered(given, tookMs) }),
    },
    { provide: ReadAppText, inject: [CLOCK], useFactory: (clock: Clock) => new ReadAppText(clock) },
    {
      provide: RegisterNumbers,
      inject: [REFERENCE_NUMBERS, CLOCK],
      useFactory: (numbers: ReferenceNumbers, clock: Clock) => new RegisterNumbers(numbers, clock),
    },
    {
      provide: BulkDesk,
      inject: [RECEPTIONS, SubmitBatch, BATCHES, BatchResults, BatchSeal, RegisterNumbers, AnswerKeys, CLOCK],
      useFactory: (
        receptions: Receptions,
        submit: SubmitBatch,
        batches: Batches,
        results: BatchResults,
        seal: BatchSeal,
        register: RegisterNumbers,
        keys: AnswerKeys,
        clock: Clock,
      ) => new BulkDesk({ receptions, submit, batches, results, seal, register, keys, clock, failed: tellFailure() }),
    },
    {
      provide: MessageDesk,
      inject: [AskSingle, RegisterNumbers, BulkDesk],
      useFactory: (single: AskSingle, register: RegisterNumbers, bulk: BulkDesk) =>
        new MessageDesk({ single, register, bulk }),
    },
    {
      provide: FolderService,
      inject: [MessageDesk, ClientDirectory, SETTINGS, ROLE],
      useFactory: async (desk: MessageDesk, clients: ClientDirectory, settings: Settings, role: Role) => {
        const { OQS_FOLDER_ROOT: root, OQS_FOLDER_CLIENT: clientId } = settings;
        if (root === undefined || clientId === undefined || !keeps(role)) return new FolderService(undefined);
        return new FolderService(
          new DropFolder({
            root,
            dataFolder: await dataFolderOf(settings.DATA_DIR, root),
            desk: { reply: async (incoming) => desk.reply(folderClient(clients, clientId), incoming) },
            consumed: settings.OQS_FOLDER_CONSUMED,
            style: settings.OQS_FOLDER_WRITE,
            writeAfterMs: settings.OQS_FOLDER_WRITE_AFTER_MS,
            pollMs: settings.OQS_FOLDER_POLL_MS,
            keptMs: settings.OQS_FOLDER_KEPT_HOURS * HOUR_MS,
            now: () => systemClock.now(),
            onEvent: loggedEvents(),
          }),
        );
      },
    },
    {
      provide: RECEPTION_TASKS,
      inject: [RECEPTIONS, CLOCK, SETTINGS, ROLE],
      useFactory: (receptions: Receptions, clock: Clock, settings: Settings, role: Role) =>
        new Repeating(
          keeps(role)
            ? [
                logged({
                  name: 'oqs-receptions',
                  everyMs: FORGET_EVERY_MS,
                  // Its batch is kept so long after it ended, and may have waited for as long before.
                  run: () => receptions.forget(clock.now() - 2 * settings.BATCH_KEPT_HOURS * HOUR_MS),
                }),
              ]
            : [],
        ),
    },
  ],
})
export class OqsModule {}

/** Looked up at every message: a client that is revoked is answered no more. */
const folderClient = (clients: ClientDirectory, clientId: string): OqsClient => {
  const client = clients.find(clientId);
  if (client?.institutionCode === undefined || !client.scopes.includes('eligibility:check'))
    throw new DeskUnreachable({ cause: new Error('OQS_FOLDER_CLIENT is no institution that may ask') });
  return { clientId, institutionCode: client.institutionCode, operator: FACES.folder };
};
