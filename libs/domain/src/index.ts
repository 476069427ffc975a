/** The front door of the domain: nothing outside imports a file behind it. */
export type { Parsed } from './parsed.js';
export type { Certainty } from './certainty.js';
export type { Bilingual } from './bilingual.js';
export { RULE_VERSION } from './rule-version.js';
export * from './calendar/index.js';
export * from './identifiers/index.js';
export * from './coverage/index.js';
export * from './credential/index.js';
export * from './copay/index.js';
export * from './cost-limit/index.js';
export * from './presentation/index.js';
export * from './enrollment/index.js';
export * from './codes/index.js';
export * from './rules/index.js';
export type { Step } from './explanation.js';
export * from './eligibility/index.js';
export * from './documents/index.js';
