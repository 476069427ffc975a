const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const ROW_ID = /^[1-9]\d{0,17}$/;

/** Whether a path names something by a UUID as we write it. What is none is nothing's, and the store is not asked. */
export const isUuid = (text: string): boolean => UUID.test(text);

/** The same of a row's number: what fits PostgreSQL's bigint. */
export const isRowId = (text: string): boolean => ROW_ID.test(text);
