// Refused with: The vault is asked, and asks nobody.
import { PERSON_SEARCH } from '../registry/person-search.js';

export const search = PERSON_SEARCH;
