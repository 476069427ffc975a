export { evaluateRule, isRuleName, RULE_NAMES, type RuleName } from './catalogue.js';
export type { RuleAnswer, RuleError, RuleErrorCode, RuleResult } from './result.js';
