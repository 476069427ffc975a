export { evaluateRule, isRuleName, RULE_NAMES, ruleInputSchema, type RuleName } from './catalogue.js';
export type { InputSchema } from './input.js';
export type { RuleAnswer, RuleError, RuleErrorCode, RuleResult } from './result.js';
