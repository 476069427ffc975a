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
  readyFor(
    asking: Asking,
    requests: readonly EligibilityCheckRequest[],
  ): Promise<readonly (Pick<Given, 'body'> | undefined)[]>;
}

export interface AskPersonParts {
  readonly verify: Verify;
  /** People without a ready answer who are asked about at once. */
  readonly concurrency: number;
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

  /** About each, in their order. Never rejects: what goes wrong is one person's line, and nobody else's. */
  async forAll(
    asking: Asking,
    serviceDate: string,
    people: readonly EligibilityBatchItem[],
  ): Promise<readonly Outcome[]> {
    const { verify, concurrency } = this.parts;
    const well = people.flatMap((person, at) =>
      this.faultsOf(person) === undefined ? [{ at, request: requestOf(person, serviceDate) }] : [],
    );
    const ready = await verify.readyFor(
      asking,
      well.map(({ request }) => request),
    );
    const outcomes = new Map<number, Outcome>();
    well.forEach(({ at }, i) => {
      const given = ready[i];
      if (given !== undefined) outcomes.set(at, answered(people[at] as EligibilityBatchItem, given));
    });
    const others = people.flatMap((person, at) => (outcomes.has(at) ? [] : [{ person, at }]));
    for (let i = 0; i < others.length; i += concurrency)
      await Promise.all(
        others
          .slice(i, i + concurrency)
          .map(async ({ person, at }) => outcomes.set(at, await this.for(asking, serviceDate, person))),
      );
    return people.map((_, at) => outcomes.get(at) as Outcome);
  }

  /** Never rejects: what goes wrong is this person's line, and nobody else's. */
  async for(asking: Asking, serviceDate: string, person: EligibilityBatchItem): Promise<Outcome> {
    try {
      const errors = this.faultsOf(person);
      if (errors !== undefined) throw new ProblemException('invalid-request', { errors: [...errors] });
      return answered(person, await this.parts.verify.for(asking, requestOf(person, serviceDate)));
    } catch (error) {
      const problem =
        error instanceof ProblemException ? error : new ProblemException('internal-error', { cause: error });
      return this.problemLine(person.itemId, problem, serviceDate as CivilDate);
    }
  }

  private faultsOf(person: EligibilityBatchItem): readonly ProblemError[] | undefined {
    const errors = this.parts.faultsOf(person);
    if (errors !== undefined) return errors;
    return (person.card === undefined) === (person.insured === undefined) ? [EXACTLY_ONE] : undefined;
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

const answered = ({ itemId }: EligibilityBatchItem, { body }: Pick<Given, 'body'>): Outcome => ({
  kind: 'answered',
  ours: false,
  line: `{"itemId":${JSON.stringify(itemId)},"answer":${body}}\n`,
});

const requestOf = ({ card, insured, consent }: EligibilityBatchItem, serviceDate: string): EligibilityCheckRequest => ({
  serviceDate,
  ...(card === undefined ? {} : { card }),
  ...(insured === undefined ? {} : { insured }),
  ...(consent === undefined ? {} : { consent }),
});
