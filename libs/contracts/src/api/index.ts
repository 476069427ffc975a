export * from './calculators.js';
export * from './eligibility-answer.js';
export * from './eligibility-question.js';
export * from './eligibility-result.js';
export * from './operations.js';
export * from './past-checks.js';
export * from './problem.js';
export * from './token.js';
