import type { BeforeApplicationShutdown } from '@nestjs/common';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

import type { Bearer } from '../access/bearer.js';
import type { CheckJournal } from '../check-log/check-log.js';
import type { Admission } from '../limits/admission.js';
import type { FixedRefusals } from '../limits/fixed-refusals.js';
import type { Rests } from '../limits/rests.js';
import type { CheckMetrics } from '../metrics/check-metrics.js';
import type { Corridor, CorridorTools, Question } from './corridor.js';
import type { Given } from './given.js';
import { ReplyFields, TurnedAway } from './reply-bytes.js';
import type { VerifyEligibility } from './verify-eligibility.js';
import { Visit, type Waiting } from './visit.js';

const SWEEP_EVERY_MS = 1_000;

export interface FrontDoorParts {
  readonly corridor: Corridor;
  readonly bearer: Bearer;
  readonly verify: VerifyEligibility;
  readonly journal: CheckJournal;
  readonly metrics: CheckMetrics;
  readonly admission: Admission;
  readonly refusals: FixedRefusals;
  readonly rests: Rests;
}

type Listener = (this: Server, socket: Socket) => void;

/**
 * Takes checks off the connection itself, before Node's HTTP parser: a request, two streams and their events for each check
 * cost half of what the check does. What it buys, in processor time a check: 75 to 85 µs instead of 95 to 116 in the same run
 * (docs/latency.md has the machine), and 59 to 67 with what came in one turn of the event loop answered together.
 *
 * It reads one kind of request, and that strictly (`readHead`). A connection on which anything else arrives is handed over to
 * Node's own listener for the rest of its life, with what arrived still unread; so is one whose caller is not known. Replies
 * leave in the order of the requests, one at a time.
 */
export class FrontDoor implements BeforeApplicationShutdown {
  private readonly visits = new Set<Visit>();
  private sweeping: NodeJS.Timeout | undefined;
  private waiting: Waiting[] = [];
  closing = false;
  readonly turnedAway = new TurnedAway();

  constructor(readonly parts: FrontDoorParts) {}

  /** Stands before Node's listener for connections. Idle ones are closed as `keepAliveTimeout` of the server has it. */
  standBefore(server: Server, tools: CorridorTools): void {
    const [others, ...more] = server.listeners('connection') as Listener[];
    if (others === undefined || more.length > 0) throw new Error('the front door stands before exactly one listener');
    server.removeAllListeners('connection');
    const fields = new ReplyFields(server.keepAliveTimeout);
    server.on('connection', (socket: Socket) => {
      if (this.closing) others.call(server, socket);
      else {
        const visit: Visit = new Visit(socket, this, tools, fields, {
          over: () => others.call(server, socket),
          ended: () => this.visits.delete(visit),
        });
        this.visits.add(visit);
      }
    });
    this.sweeping = setInterval(() => {
      const now = performance.now();
      for (const visit of this.visits)
        visit.sweep(now, { idleMs: server.keepAliveTimeout, unfinishedMs: server.requestTimeout });
    }, SWEEP_EVERY_MS).unref();
  }

  /**
   * Answers what came in this turn of the event loop, step by step and each step for all: under load, when there are some dozens,
   * every step then finds its code in the processor's caches.
   */
  enqueue(waiting: Waiting): void {
    if (this.waiting.push(waiting) === 1) setImmediate(this.answerAll);
  }

  private readonly answerAll = (): void => {
    const { admission, corridor, journal, metrics, verify } = this.parts;
    const beganAt = performance.now();
    const asked = this.waiting.map((waiting) => ({ waiting, question: this.questionOf(waiting) }));
    this.waiting = [];
    const well: { waiting: Waiting; question: Question }[] = [];
    for (const { waiting, question } of asked) {
      const { visit } = waiting;
      if (question === undefined) {
        metrics.corridorTook('passed-on');
        // Taken again by whoever looks at it next.
        waiting.clinic.quota?.giveBack();
        visit.handOver();
      } else {
        visit.taken(waiting);
        well.push({ waiting, question });
      }
    }
    const given: { waiting: Waiting; answer: Given }[] = [];
    corridor.ready(well.map(({ question }) => question)).forEach((answer, i) => {
      const { waiting, question } = well[i] as (typeof well)[number];
      if (answer !== undefined) {
        given.push({ waiting, answer });
        return;
      }
      const { visit, startedAt, clinic } = waiting;
      const because = admission.refuses('worked-out');
      if (because !== undefined) {
        clinic.quota?.giveBack();
        visit.turnAway('worked-out', because);
        return;
      }
      metrics.corridorTook('worked-out');
      admission.begin();
      verify
        .afresh(question.asking, question.request)
        .finally(admission.end)
        .then(
          (worked) => visit.reply(worked, startedAt),
          (error: unknown) => visit.refuse(error, startedAt),
        );
    });
    journal.appendAll(
      given.map(({ answer }) => answer.record),
      (at, error) => {
        const { waiting, answer } = given[at] as (typeof given)[number];
        const { visit, startedAt } = waiting;
        metrics.corridorTook('answered');
        if (error === undefined) visit.reply(answer, startedAt);
        else visit.refuse(corridor.unrecorded(answer, error), startedAt);
      },
    );
    admission.turnTook(asked.length, performance.now() - beganAt);
  };

  /** As many checks have come in this turn as can be answered in time. */
  get isFull(): boolean {
    return this.parts.admission.isTurnFull(this.waiting.length);
  }

  private questionOf({ visit, head, clinic, bytes }: Waiting): Question | undefined {
    const from = head.bytes.length;
    const body = bytes.toString('latin1', from, from + head.contentLength);
    return this.parts.corridor.read(head, clinic, body, visit.tools.isCheckRequest);
  }

  /** From here on a connection ends with its next reply, which says so. */
  endWithReplies(): void {
    this.closing = true;
  }

  beforeApplicationShutdown(): void {
    this.endWithReplies();
  }

  /** The server stops listening: idle connections end now, others with their reply. */
  close(): void {
    this.endWithReplies();
    clearInterval(this.sweeping);
    for (const visit of this.visits) visit.leave();
  }
}
