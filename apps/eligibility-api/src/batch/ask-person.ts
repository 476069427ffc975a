import type { EligibilityBatchItem, EligibilityCheckRequest, ProblemError } from '@app/contracts';
import type { CivilDate } from '@app/domain';
import { Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';

import type { Asking, Given } from '../check-in/given.js';
import { problemReply } from '../problems/problem-reply.js';
import { ProblemException } from '../problems/problem.exception.js';

/** What became of one person: a line of the results, and which kind of line. */
export interface Outcome {
  readonly kind: 'answered' | 'unavailable' | 'refused';
  /** No answer because of us (the store, for one), and not because of the registry or of what was sent. */
  readonly ours: boolean;
  /** Its bytes, one character each, as a reply's are. */
  readonly line: string;
}

/** The check, as a batch needs it. */
export interface Verify {
  for(asking: Asking, request: EligibilityCheckRequest): Promise<Pick<Given, 'body'>>;
}

export interface AskPersonParts {
  readonly verify: Verify;
  /** What is wrong with the shape of a person. */
  readonly faultsOf: (person: unknown) => readonly ProblemError[] | undefined;
}

const EXACTLY_ONE: ProblemError = {
  pointer: '/card',
  code: 'exactly-one-of',
  detail: 'exactly one of card and insured must be given',
};

/** Asks about one person of a batch, by the one way in which anybody is asked about. */
export class AskPerson {
  private readonly logger = new Logger('Batch');

  constructor(private readonly parts: AskPersonParts) {}

  /** Never rejects: what goes wrong is this person's line, and nobody else's. */
  async for(asking: Asking, serviceDate: string, person: EligibilityBatchItem): Promise<Outcome> {
    const { itemId } = person;
    try {
      const { body } = await this.parts.verify.for(asking, this.requestOf(person, serviceDate));
      return { kind: 'answered', ours: false, line: `{"itemId":${JSON.stringify(itemId)},"answer":${body}}\n` };
    } catch (error) {
      const problem =
        error instanceof ProblemException ? error : new ProblemException('internal-error', { cause: error });
      return this.problemLine(itemId, problem, serviceDate as CivilDate);
    }
  }

  private requestOf(person: EligibilityBatchItem, serviceDate: string): EligibilityCheckRequest {
    const errors = this.parts.faultsOf(person);
    if (errors !== undefined) throw new ProblemException('invalid-request', { errors });
    const { card, insured, consent } = person;
    if ((card === undefined) === (insured === undefined))
      throw new ProblemException('invalid-request', { errors: [EXACTLY_ONE] });
    return {
      serviceDate,
      ...(card === undefined ? {} : { card }),
      ...(insured === undefined ? {} : { insured }),
      ...(consent === undefined ? {} : { consent }),
    };
  }

  private problemLine(itemId: string, { code, details, status }: ProblemException, serviceDate: CivilDate): Outcome {
    const instance = `urn:uuid:${randomUUID()}`;
    const { name: cause } = (details.cause ?? {}) as { name?: string };
    const line = { event: 'batch-person', code, status, instance, cause };
    // One registry that is away is ten thousand lines; the batch's own line says how many. What is our fault is told each time.
    if (code === 'internal-error') this.logger.error(line);
    else this.logger.debug(line);
    const problem = Buffer.from(problemReply(code, details, instance, serviceDate).body).toString('latin1');
    return {
      kind: status >= 500 ? 'unavailable' : 'refused',
      ours: status >= 500 && details.owner === 'us',
      line: `{"itemId":${JSON.stringify(itemId)},"problem":${problem}}\n`,
    };
  }
}
