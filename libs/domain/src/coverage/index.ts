export { coversOn, type Qualification } from './covers.js';
export { coveringOn, validityOn, type ValidityCode, type ValidityOn } from './history.js';
export { lossOf, type Loss, type LossEvent } from './loss.js';
export {
  VOLUNTARY_APPLICATION_DAYS,
  VOLUNTARY_MONTHS_NEEDED,
  VOLUNTARY_WITHDRAWAL_FROM,
  voluntaryContinuation,
  voluntaryLossDate,
  type VoluntaryContinuation,
  type VoluntaryEnd,
} from './voluntary.js';
