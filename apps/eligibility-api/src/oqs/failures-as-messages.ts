import { Catch, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

import { CLOCK, tokyoInstant, type Clock } from '../clock/clock.js';
import { ProblemReplies } from '../problems/problem.filter.js';
import { ProblemException } from '../problems/problem.exception.js';
import { noteOfError } from './notes.js';
import { FAILED } from './present-answer.js';
import { timeDigits } from './writing.js';

/**
 * What goes wrong on a path of the national system is told in its own tree, since that is what its clients read, with the status and the
 * headers that any other path gives. It is on the log as a problem like any other.
 */
@Catch()
export class FailuresAsMessages implements ExceptionFilter {
  private readonly problems: ProblemReplies;

  constructor(@Inject(CLOCK) private readonly clock: Clock) {
    this.problems = new ProblemReplies(clock);
  }

  catch(exception: unknown, host: ArgumentsHost): void {
    const { status, headers } = this.problems.of(exception);
    const { code, message } = noteOfError(exception instanceof ProblemException ? exception : undefined);
    const body = {
      XmlMsg: {
        MessageHeader: {
          ProcessExecutionTime: timeDigits(tokyoInstant(this.clock.now())),
          ReferenceClassification: '2',
          SegmentOfResult: FAILED,
          ErrorCode: code,
          ErrorMessage: message,
          CharacterCodeIdentifier: '0',
        },
        // A client in use breaks without a body that says how it went.
        MessageBody: { ProcessingResultStatus: '2', ProcessingResultCode: code, ProcessingResultMessage: message },
      },
    };
    host
      .switchToHttp()
      .getResponse<FastifyReply>()
      .status(status)
      .headers({ ...headers, 'content-type': 'application/json; charset=utf-8' })
      .serializer((payload: unknown) => payload as string)
      .send(JSON.stringify(body));
  }
}
