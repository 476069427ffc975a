import type { DataSource } from 'typeorm';

import {
  FILING_TASKS,
  type FilingFigures,
  type FilingFiguresSource,
  type JobFigures,
} from '../enrollment/filing-figures.js';

const JOBS = `
select task, count(j.id) filter (where locked_by is null and last_error is null)::int as waiting, count(locked_by)::int as "underWay",
       count(j.id) filter (where locked_by is null and last_error is not null)::int as failed,
       coalesce(extract(epoch from now() - min(j.created_at)), 0)::float8 as "oldestSeconds"
from unnest($1::text[]) as task left join graphile_worker.jobs j on j.task_identifier = task group by task`;

const IN_REVIEW = `
select count(*)::int as "inReview", (extract(epoch from min(received_at)) * 1000)::float8 as oldest from enrollment where state = 'needs-review'`;

/** Counts what the queue and the filings hold. */
export class FilingFiguresStore implements FilingFiguresSource {
  constructor(private readonly dataSource: DataSource) {}

  async figures(): Promise<FilingFigures> {
    const jobs = await this.dataSource.query<JobFigures[]>(JOBS, [FILING_TASKS]);
    const [row] = await this.dataSource.query<{ inReview: number; oldest: number | null }[]>(IN_REVIEW);
    const oldest = row?.oldest ?? null;
    return { jobs, inReview: row?.inReview ?? 0, ...(oldest === null ? {} : { oldestInReview: oldest }) };
  }
}
