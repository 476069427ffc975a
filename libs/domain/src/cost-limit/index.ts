export {
  CATEGORIES_70,
  CATEGORIES_UNDER70,
  isCategory70,
  isCategoryUnder70,
  type AgeGroup,
  type Category,
  type Category70,
  type CategoryUnder70,
} from './category.js';
export {
  categoryUnder70,
  decideCategoryUnder70,
  type CategoryUnder70Decision,
  type CategoryUnder70Input,
} from './category-under70.js';
export {
  categoryOver70,
  decideCategoryOver70,
  type CategoryOver70Decision,
  type CategoryOver70Input,
} from './category-over70.js';
export { CATEGORY_FLAGS, categoryOfFlag, flagMeaning, flagOf, type CategoryFlag, type FlagMeaning } from './flags.js';
export type { CostLimitRow, CostLimitTable } from './row.js';
export { costLimitRowFor, costLimitTableFor, type RowOptions, type TableOptions } from './table-selection.js';
export { OVER70_TABLES, UNDER70_TABLES } from './tables/index.js';
export { halved, monthlyLimitText, monthlyLimitYen, percentagePartYen } from './monthly-limit.js';
export { isHalvedMonth, type EntryIntoLate75 } from './halved-month.js';
export { multipleTimes, type MultipleTimes, type MultipleTimesFacts } from './multiple-times.js';
export {
  COUNTED_FROM_YEN,
  householdTotal,
  type HouseholdFacts,
  type HouseholdItem,
  type HouseholdResult,
  type HouseholdTotal,
} from './household.js';
export { isBenefitYear, outpatientYear, type YearlyRefund } from './outpatient-year.js';
export { annualCap, LOWER_CAP_REMUNERATION_YEN } from './annual-cap.js';
export { specifiedDiseaseLimitYen, type SpecifiedDiseaseCode } from './specified-disease.js';
export { isLowIncomeI, LOW_INCOME_PENSION_LINES, lowIncomePensionLine } from './low-income-pension.js';
export { REMUNERATION_GRADES, remunerationGradeOf, type RemunerationGrade } from './remuneration-grade.js';
export {
  MEAL_CLASSES,
  MEAL_TABLES,
  mealChargeOn,
  MEALS_A_DAY,
  ROOM_CHARGES,
  roomChargeFirstDay,
  type MealCharge,
  type MealClass,
} from './meals.js';
