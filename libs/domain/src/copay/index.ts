export {
  BAND_NAMES,
  bandPeriodOn,
  elderly70FirstDay,
  late75FirstDay,
  preschoolLastDay,
  type Band,
  type BandOptions,
  type BandPeriod,
} from './band.js';
export type { CopayDecision, CopayPercent, CopayUndecided } from './decision.js';
export { shahoCopay, shahoRevenueRelief, type ShahoCopay, type ShahoCopayInput } from './shaho.js';
export { kokuho70Copay, type Kokuho70Copay, type Kokuho70CopayInput } from './kokuho70.js';
export { koukiCopay, type KoukiCopay, type KoukiCopayInput } from './kouki.js';
export { rateValidityPeriod, type RateValidity, type RateValidityInput } from './validity.js';
export { windowCharge, type WindowCharge } from './window-charge.js';
export { late20Burden, LATE_20_TRANSITION, type Late20Burden } from './late-20-transition.js';
