import { IMPORT_JOB } from './import-job.js';
import { CONFIRM_CHANGE_JOB, LOOK_UP_JOB } from './look-up-job.js';

/** How much work on filings there is, of all offices together. */
export interface FilingFigures {
  /** One for each task, also where it has nothing to do. */
  readonly jobs: readonly JobFigures[];
  /** Filings that wait for people. */
  readonly inReview: number;
  /** When the oldest of them came in, epoch milliseconds. */
  readonly oldestInReview?: number;
}

export interface JobFigures {
  readonly task: string;
  readonly waiting: number;
  readonly underWay: number;
  /** That failed, and wait until they are tried again. */
  readonly failed: number;
  /** Since the oldest that is not at its end was queued, by PostgreSQL's clock. */
  readonly oldestSeconds: number;
}

/** Tasks of the queue. */
export const FILING_TASKS = [LOOK_UP_JOB, CONFIRM_CHANGE_JOB, IMPORT_JOB] as const;

/** Where the figures come from. */
export interface FilingFiguresSource {
  figures(): Promise<FilingFigures>;
}

/** Injection token of `FilingFiguresSource`. */
export const FILING_FIGURES = Symbol('filing-figures');

const NOTHING: FilingFigures = {
  jobs: FILING_TASKS.map((task) => ({ task, waiting: 0, underWay: 0, failed: 0, oldestSeconds: 0 })),
  inReview: 0,
};

/** The figures as they were last read. */
export class FilingWatch {
  private last = NOTHING;

  constructor(private readonly source: FilingFiguresSource) {}

  get figures(): FilingFigures {
    return this.last;
  }

  async look(): Promise<void> {
    this.last = await this.source.figures();
  }
}
