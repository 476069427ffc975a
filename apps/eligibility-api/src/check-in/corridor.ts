import type { EligibilityCheckRequest } from '@app/contracts';
import type { CivilDate } from '@app/domain';
import { Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';

import type { Caller } from '../access/caller.js';
import type { RememberedTokens } from '../access/remembered-tokens.js';
import type { CheckJournal, RecordUnavailable } from '../check-log/check-log.js';
import type { Clock } from '../clock/clock.js';
import { hasDuplicateNames } from '../json/parse-strictly.js';
import type { Admission } from '../limits/admission.js';
import type { Gate } from '../limits/gate.js';
import type { Guesses } from '../limits/guesses.js';
import { rateLimitHeaders } from '../limits/quota-exceeded.js';
import type { CheckMetrics } from '../metrics/check-metrics.js';
import type { Reply } from '../metrics/reply-metrics.js';
import type { ProblemReply } from '../problems/problem-reply.js';
import { ProblemException } from '../problems/problem.exception.js';
import { ProblemReplies } from '../problems/problem.filter.js';
import { AnswerUnavailable } from './answer-unavailable.js';
import { readAsk, type Ask } from './ask.js';
import type { Asking, Given } from './given.js';
import { TodayInTokyo } from './instants.js';
import { ordinaryHead, type OrdinaryHead } from './ordinary-request.js';
import type { ReadyAnswers } from './ready-answers.js';
import { readCheckHeaders } from './request-headers.js';

/** Route pattern, as the ordinary way has it in its metrics. */
const ROUTE = '/v1/eligibility-checks';
/** ASCII: the same in whichever way the bytes are read. */
const ASCII = /^[\t\n\r -~]*$/;

export type Clinic = Caller & { readonly institutionCode: string };

/** Whether a body is of the shape that the OpenAPI document gives a check. */
export type IsCheckRequest = (body: unknown) => body is EligibilityCheckRequest;

/** A question in the corridor: asked well, by somebody who may. */
export interface Question {
  readonly asking: Asking;
  readonly request: EligibilityCheckRequest;
  readonly ask: Ask;
}

export interface CorridorParts {
  readonly tokens: RememberedTokens;
  readonly ready: ReadyAnswers;
  readonly journal: CheckJournal;
  readonly clock: Clock;
  readonly metrics: CheckMetrics;
  readonly admission: Admission;
  readonly guesses: Pick<Guesses, 'isSlowed'>;
}

/** What the application lends it. */
export interface CorridorTools {
  readonly isCheckRequest: IsCheckRequest;
  readonly note: (reply: Reply, tookMs: number) => void;
  /** Counts a reply and writes no line of it. */
  readonly count: (reply: Reply, tookMs: number) => void;
  /** Refuses what there is too much of. */
  readonly turnAway: Gate['turnAway'];
}

/** Who may ask, as far as the corridor looks. */
export const asClinic = (caller: Caller | undefined): Clinic | undefined =>
  caller?.institutionCode !== undefined && caller.scopes.has('eligibility:check') ? (caller as Clinic) : undefined;

/** Throws `invalid-header`. Most callers say none of it, and then there is nothing to look at. */
const askingOf = (caller: Clinic, { operator, purpose, terminal }: OrdinaryHead): Asking =>
  operator === undefined && purpose === undefined && terminal === undefined
    ? { caller, purpose: 'treatment' }
    : {
        caller,
        ...readCheckHeaders({
          'shikaku-operator': operator,
          'shikaku-purpose': purpose,
          'shikaku-terminal': terminal,
        }),
      };

/**
 * The way of nearly all checks, beside the router: a token seen before, a card, about today, with its answer ready. Whatever is
 * not quite so goes on to Fastify, guard and controller with not a byte of it missing, and what is wrong with it is said there.
 * So there is one place that refuses, and one that decides what an answer says.
 */
export class Corridor implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Corridor');
  private readonly problems: ProblemReplies;
  private readonly today = new TodayInTokyo();
  private closing = false;
  private inTurn = 0;

  constructor(private readonly parts: CorridorParts) {
    this.problems = new ProblemReplies(parts.clock);
  }

  /**
   * Stands before the application's own listener, which is in place by now. What leaving the router buys, in processor time a
   * check on the machine of docs/latency.md: 98 to 149 µs here, 250 for the same ready answer by the ordinary route.
   */
  standBefore(server: Server, tools: CorridorTools): void {
    const [others, ...more] = server.listeners('request') as RequestListener[];
    if (others === undefined || more.length > 0) throw new Error('the corridor stands before exactly one listener');
    server.removeAllListeners('request');
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const head = this.closing ? undefined : ordinaryHead(request);
      if (head !== undefined && this.isTurnFull()) {
        tools.count({ method: 'POST', route: ROUTE, status: 503 }, 0);
        tools.turnAway(response, 'ordinary', 'turn');
        return;
      }
      const clinic = head === undefined ? undefined : this.clinicOf(head);
      if (head === undefined || clinic === undefined) others(request, response);
      // The first bytes of a body are nearly always all of it.
      else
        request.once('data', (bytes: Buffer) => {
          const startedAt = performance.now();
          const question =
            bytes.length === head.contentLength
              ? this.read(head, clinic, bytes.toString('latin1'), tools.isCheckRequest)
              : undefined;
          const ready = question === undefined ? undefined : this.ready([question])[0];
          // Who has no quota left is told so by the ordinary way.
          const given = ready === undefined || clinic.quota?.take(startedAt) === false ? undefined : ready;
          if (given === undefined) {
            this.parts.metrics.corridorTook('passed-on');
            // Back to the front of the stream: whoever reads it next finds it as if nobody had looked.
            request.pause();
            request.unshift(bytes);
            others(request, response);
          } else {
            this.parts.metrics.corridorTook('answered');
            this.parts.journal.append(given.record, (error) =>
              error === undefined
                ? this.reply(response, given, clinic, startedAt, tools)
                : this.refuse(response, given, error, startedAt, tools),
            );
          }
        });
    });
  }

  /** As many have come in this turn as can be answered in time. By this way one costs as much as two by the front door. */
  private isTurnFull(): boolean {
    if (this.inTurn === 0) setImmediate(this.turnOver);
    this.inTurn += 2;
    return this.parts.admission.isTurnFull(this.inTurn);
  }

  private readonly turnOver = (): void => {
    this.inTurn = 0;
  };

  /** From here on everything goes the ordinary way, which closes its connections as it replies. */
  beforeApplicationShutdown(): void {
    this.closing = true;
  }

  /** Whoever asks, when their token was verified before. */
  clinicOf({ authorization }: OrdinaryHead): Clinic | undefined {
    return asClinic(this.parts.tokens.recall(authorization));
  }

  /** What is asked, `text` being the body, a character for each byte. Undefined wherever anything is wrong with it. */
  read(head: OrdinaryHead, caller: Clinic, text: string, isCheckRequest: IsCheckRequest): Question | undefined {
    try {
      if (!ASCII.test(text)) return undefined;
      const request: unknown = JSON.parse(text);
      if (!isCheckRequest(request) || hasDuplicateNames(text, request)) return undefined;
      const ask = readAsk(request, this.today.day(this.parts.clock.now()));
      // Told, and made to wait, by the ordinary way.
      if (ask.subject.by === 'insured' && this.parts.guesses.isSlowed(caller.clientId)) return undefined;
      const asking = askingOf(caller, head);
      return { asking, request, ask };
    } catch (error) {
      // Not JSON, or against a rule: the ordinary way says so. Anything else is a fault of ours, which it may be spared.
      if (!(error instanceof SyntaxError || error instanceof ProblemException)) this.failed(error);
      return undefined;
    }
  }

  /** Of each: undefined where no answer is ready, so that it has to be worked out. Not yet on the record. */
  ready(questions: readonly Question[]): readonly (Given | undefined)[] {
    try {
      return this.parts.ready.answerAll(questions, this.parts.clock.now());
    } catch (error) {
      this.failed(error);
      return questions.map(() => undefined);
    }
  }

  /** Says that an answer left. */
  answered(given: Given, startedAt: number, { note }: CorridorTools): void {
    const tookMs = performance.now() - startedAt;
    this.parts.metrics.answered(given, tookMs);
    note({ method: 'POST', route: ROUTE, status: 200 }, tookMs);
  }

  /** The reply to what was thrown instead of an answer; an answer that could be put on no record does not leave. */
  refusal(error: unknown, startedAt: number, { note }: CorridorTools): ProblemReply {
    const refusal = this.problems.of(error);
    note({ method: 'POST', route: ROUTE, status: refusal.status }, performance.now() - startedAt);
    return refusal;
  }

  /** What a clerk is told when there is no record of the answer, which therefore stays here. */
  unrecorded({ record }: Given, error: RecordUnavailable): AnswerUnavailable {
    return new AnswerUnavailable(record.serviceDate as CivilDate, error);
  }

  private reply(
    response: ServerResponse,
    given: Given,
    { quota }: Clinic,
    startedAt: number,
    tools: CorridorTools,
  ): void {
    response.writeHead(200, [
      'cache-control',
      'no-store',
      'content-type',
      'application/json; charset=utf-8',
      'content-length',
      String(given.body.length),
      ...Object.entries(rateLimitHeaders(quota)).flat(),
    ]);
    response.end(given.body, 'latin1');
    this.answered(given, startedAt, tools);
  }

  private refuse(
    response: ServerResponse,
    given: Given,
    error: RecordUnavailable,
    startedAt: number,
    tools: CorridorTools,
  ): void {
    const { status, headers, body } = this.refusal(this.unrecorded(given, error), startedAt, tools);
    response.writeHead(status, headers);
    response.end(body);
  }

  private failed(error: unknown): void {
    this.logger.error({ event: 'corridor-failed', cause: (error as Error).name });
  }
}
