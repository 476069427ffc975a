export {
  MATCH_ATTRIBUTES,
  matchDecision,
  onlineViewAfter,
  type MatchAttribute,
  type MatchDecision,
  type MatchOutcome,
  type MisinputCheck,
} from './match.js';
export { isUsableOn, usableFrom } from './availability.js';
export { FILING_TERMS, lastDayOfTerm, type FilingTerm } from './deadlines.js';
export { isSameAddress, normaliseAddress } from './address.js';
export { kanaNfkc } from './kana.js';
export {
  kanaDifference,
  kanaForm,
  nameDifference,
  nameForm,
  unwritableIn,
  variantPairs,
  type Unwritable,
  type UnwritableKind,
  type VariantPair,
  type WritingDifference,
} from './filed-text.js';
export { VARIANT_GROUPS, type VariantGroup } from './variant-characters.js';
export {
  asksRegistry,
  CHANGEABLE_ATTRIBUTES,
  changesMade,
  coverageRefusal,
  hasChangeTerm,
  identityMade,
  identityOnceMade,
  isInForceOn,
  isNothing,
  refusalsOfChange,
  remunerationOn,
  withRemuneration,
  type Another,
  type ChangeableAttribute,
  type ChangedAttribute,
  type ChangeKind,
  type ChangeRefusal,
  type ChangesMade,
  type CoverageRefusal,
  type FiledChange,
} from './changes.js';
