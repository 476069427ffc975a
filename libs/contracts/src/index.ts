/** What crosses a wire between this service and its callers: shapes, validation and OpenAPI; no behaviour. */
export {};
