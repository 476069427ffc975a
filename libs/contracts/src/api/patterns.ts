/** Forms of the values that travel, as JSON Schema patterns. Codes are strings exactly as the national code lists have them. */
export const CIVIL_DATE = '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$';
export const YEAR_MONTH = '^\\d{4}-(0[1-9]|1[0-2])$';
export const INSTANT = '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}\\+09:00$';
export const UUID = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';
export const CERTIFICATE_SERIAL = '^[0-9A-Fa-f]{8,40}$';
/** 6 or 8 digits after trimming and NFKC; the national clients pad on the left with spaces or zeros. */
export const INSURER_NUMBER = '^[\\s\\u3000]*[0-9\\uFF10-\\uFF19]{6,8}[\\s\\u3000]*$';
/** Anything that is written on a card: not blank, and no control characters, which no database column takes. */
export const CARD_TEXT = '^\\s*[^\\s\\u0000-\\u001F\\u007F][^\\u0000-\\u001F\\u007F]*$';
/** A number of ours for a person or a coverage; what fits PostgreSQL's bigint. */
export const ROW_ID = '^[1-9]\\d{0,17}$';
/** Half or full width. */
export const BRANCH_NUMBER = '^[0-9\\uFF10-\\uFF19]{1,2}$';
export const INSTITUTION_CODE = '^\\d{10}$';
export const POST_NUMBER = '^\\d{3}-\\d{4}$';
/** Visible ASCII: ids that callers make up. */
export const VISIBLE = '^[\\x21-\\x7E]+$';
