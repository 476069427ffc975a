/**
 * The wire of the national registry (J-LIS) as this project knows it: what `apps/mock-jlis` serves and what
 * `apps/eligibility-api/src/registry` reads. Shapes only. Dates are `YYYY-MM-DD`, instants RFC 3339 with offset.
 * The real registry's interface is closed; ours is modelled on what insurers and receipt-computer vendors describe.
 */
export * from './certificate.js';
export * from './faults.js';
export * from './person.js';
