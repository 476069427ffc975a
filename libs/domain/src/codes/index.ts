export { OQS_CODE_LISTS, oqsCodeListOf, oqsMeaning, type CodeList } from './oqs-codes.js';
