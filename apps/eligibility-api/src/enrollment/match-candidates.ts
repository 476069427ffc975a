import type { JlisPersonSearchRequest } from '@app/contracts/jlis';
import { kanaDifference, MATCH_ATTRIBUTES, nameDifference, variantPairs, type MatchAttribute } from '@app/domain';

import type { PersonCandidate } from '../registry/person-search.js';
import type { FiledReason } from './filings.js';

/** Where each of the five attributes stands in a filing. */
export const POINTERS: Readonly<Record<MatchAttribute, string>> = {
  kanjiName: '/person/name',
  kanaName: '/person/nameKana',
  birthDate: '/person/birthdate',
  sex: '/person/sex1',
  address: '/person/address',
};

/** Those of the registry's candidates who agree in all five attributes. */
export const agreeingInAll = (candidates: readonly PersonCandidate[]): readonly PersonCandidate[] =>
  candidates.filter(({ matchedAttributes }) => matchedAttributes.length === MATCH_ATTRIBUTES.length);

/** In what a name differs from the registered one; nothing of the registered one itself. */
const differenceOf = (
  attribute: MatchAttribute,
  asked: JlisPersonSearchRequest,
  found: PersonCandidate,
): Pick<FiledReason, 'difference' | 'characters'> => {
  if (attribute !== 'kanjiName' && attribute !== 'kanaName') return {};
  const filed = asked[attribute] ?? '';
  const registered = found[attribute];
  const difference = (attribute === 'kanjiName' ? nameDifference : kanaDifference)(filed, registered);
  // One space or two are the same to us, and not to the registry.
  if (difference === 'same') return { difference: 'spaces' };
  const characters = attribute === 'kanjiName' ? variantPairs(filed, registered).map(({ position }) => position) : [];
  return { difference, ...(characters.length === 0 ? {} : { characters }) };
};

/** That an attribute is not what is registered of somebody, and in what it differs. */
export const differsFrom = (
  attribute: MatchAttribute,
  asked: JlisPersonSearchRequest,
  found: PersonCandidate,
): FiledReason => ({
  code: 'attribute-differs',
  pointer: POINTERS[attribute],
  ...differenceOf(attribute, asked, found),
});

/** Which attribute to correct is told only where one is all that is wrong with one person: more would describe somebody else's registration. */
export const reasonFor = (asked: JlisPersonSearchRequest, candidates: readonly PersonCandidate[]): FiledReason => {
  const near = candidates.filter(({ matchedAttributes }) => matchedAttributes.length === MATCH_ATTRIBUTES.length - 1);
  const [only] = near;
  const differs = MATCH_ATTRIBUTES.find((attribute) => only?.matchedAttributes.includes(attribute) === false);
  return near.length === 1 && only !== undefined && differs !== undefined
    ? differsFrom(differs, asked, only)
    : { code: 'nobody-found' };
};
