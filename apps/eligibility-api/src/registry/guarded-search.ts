import type { JlisPersonSearchRequest } from '@app/contracts/jlis';

import type { Clock } from '../clock/clock.js';
import { GuardedCalls, type BreakerState, type GuardOptions } from './guarded-calls.js';
import { SearchRefused, type PersonSearch, type PersonSearchResult } from './person-search.js';

/**
 * The registry's search behind a breaker of its own: a question that the registry refuses is no failure of it, however many
 * there are. Nobody need ask for it to close, since what could not be asked is asked again.
 */
export class GuardedSearch implements PersonSearch {
  private readonly calls: GuardedCalls<JlisPersonSearchRequest, PersonSearchResult>;

  constructor(
    ask: (question: JlisPersonSearchRequest, withinMs: number) => Promise<PersonSearchResult>,
    clock: Clock,
    options: GuardOptions,
  ) {
    const isOfQuestion = (error: unknown): boolean => error instanceof SearchRefused;
    this.calls = new GuardedCalls({ name: 'registry-search', ask, isOfQuestion }, clock, options);
  }

  search(question: JlisPersonSearchRequest, withinMs?: number): Promise<PersonSearchResult> {
    return this.calls.call(question, withinMs);
  }

  /** For whoever would rather wait than be refused. */
  get isClosed(): boolean {
    return this.calls.isClosed;
  }

  get state(): BreakerState {
    return this.calls.state;
  }

  close(): void {
    this.calls.close();
  }
}
