export * from './answer.js';
export { answerPeriod } from './answer-period.js';
export { assess } from './assess.js';
export { personAsOf, qualificationAsOf, type AsOf } from './changed-facts.js';
export * from './facts.js';
export { filedSince } from './filed-since.js';
