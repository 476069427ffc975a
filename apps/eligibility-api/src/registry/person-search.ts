import type { JlisAttribute, JlisPerson, JlisPersonSearchRequest } from '@app/contracts/jlis';

import type { IndividualNumber } from '../vault/individual-number.js';

/** Why the registry did not search. Both are faults of the question, so that asking again in the same words is no use. */
export type SearchRefusal = 'search-too-wide' | 'invalid-request';

/** The registry understood the question and will not answer it. Never a `RegistryFault`, and never counted by the breaker. */
export class SearchRefused extends Error {
  constructor(readonly because: SearchRefusal) {
    super(`the registry refused the search: ${because}`);
    this.name = 'SearchRefused';
  }
}

/** Somebody the registry found. */
export interface PersonCandidate extends JlisPerson {
  /** Attributes of the question on which they agree, each once; never one that was not asked. */
  readonly matchedAttributes: readonly JlisAttribute[];
  /** Prints as nothing, wherever it is printed. */
  readonly individualNumber: IndividualNumber;
}

export interface PersonSearchResult {
  /** At most 20, each person once, in the registry's order. */
  readonly candidates: readonly PersonCandidate[];
  /** There were more. */
  readonly truncated: boolean;
}

/** The search by the five attributes as whoever files sees it. */
export interface PersonSearch {
  /**
   * Asked now, through a breaker of its own. `withinMs` is what the caller has left, where that is less than the deadline. Rejects
   * with `RegistryFault` where the registry could not be asked, and with `SearchRefused` where the question was no question.
   */
  search(question: JlisPersonSearchRequest, withinMs?: number): Promise<PersonSearchResult>;
}

/** Injection token of `PersonSearch`. */
export const PERSON_SEARCH = Symbol('person-search');
