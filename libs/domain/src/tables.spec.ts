import { ERAS } from './calendar/index.js';
import { OQS_CODE_LISTS } from './codes/index.js';
import { LATE_20_TRANSITION } from './copay/late-20-transition.js';
import * as thresholds from './copay/thresholds.js';
import { CATEGORY_FLAGS } from './cost-limit/index.js';
import { LOW_INCOME_PENSION_LINES } from './cost-limit/low-income-pension.js';
import { MEAL_TABLES, ROOM_CHARGES } from './cost-limit/meals.js';
import { REMUNERATION_GRADES } from './cost-limit/remuneration-grade.js';
import { OVER70_TABLES, UNDER70_TABLES } from './cost-limit/tables/index.js';
import { RENEWAL_WINDOWS } from './credential/index.js';
import { CERTIFICATE_ROWS, CERTIFICATE_TERMS, NOTICE_ROWS } from './documents/index.js';
import { CHANGEABLE_ATTRIBUTES, FILING_TERMS, VARIANT_GROUPS } from './enrollment/index.js';
import { INSURER_LAW_CODES } from './identifiers/law-codes.js';
import { FALLBACK_DOCUMENTS } from './presentation/fallback-documents.js';
import { SITUATION_ROWS } from './presentation/situation-rows.js';
import { RULE_NAMES, ruleInputSchema } from './rules/index.js';

/*
 * Every table in full, with its words and sources: what the mutation run leaves out, because it is there before any test begins.
 * A change of a table shows as a change of cases/explained/tables/; `vitest run --project unit libs/domain --update` writes it.
 */
it.each(
  Object.entries({
    'category-flags': CATEGORY_FLAGS,
    'changeable-attributes': CHANGEABLE_ATTRIBUTES,
    'certificate-rows': { CERTIFICATE_ROWS, CERTIFICATE_TERMS },
    'copay-thresholds': { ...thresholds, LATE_20_TRANSITION },
    'cost-limits-over70': OVER70_TABLES,
    'cost-limits-under70': UNDER70_TABLES,
    eras: ERAS,
    'fallback-documents': FALLBACK_DOCUMENTS,
    'filing-terms': FILING_TERMS,
    'input-schemas': Object.fromEntries(RULE_NAMES.map((name) => [name, ruleInputSchema(name)])),
    'insurer-law-codes': INSURER_LAW_CODES,
    'low-income-pension-lines': LOW_INCOME_PENSION_LINES,
    meals: { MEAL_TABLES, ROOM_CHARGES },
    'notice-rows': NOTICE_ROWS,
    'oqs-codes': OQS_CODE_LISTS,
    'renewal-windows': RENEWAL_WINDOWS,
    'remuneration-grades': REMUNERATION_GRADES,
    'situation-rows': SITUATION_ROWS,
    'variant-characters': VARIANT_GROUPS,
  }),
)('%s is as it was reviewed', async (name, table) => {
  await expect(`${JSON.stringify(table, null, 2)}\n`).toMatchFileSnapshot(`../cases/explained/tables/${name}.json`);
});
