/** What crosses a wire between this service and its callers: shapes, validation and OpenAPI; no behaviour. */
export * from './api/index.js';
export * from './notices.js';
export * from './problems.js';
