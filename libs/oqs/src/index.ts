/** The front door: nothing outside imports a file behind it. */
export {
  type BulkKind,
  type FaultyItem,
  type FaultyMessage,
  type ItemToWrite,
  type Kind,
  type MessageToWrite,
  type ReceivedItem,
  type ReceivedMessage,
} from './kinds.js';
export type { Fault, FaultyCode, Malformation, MalformedCode, Position } from './faults.js';
export type { Echo, Encoding, ItemReading, Reading, Unknown } from './reading.js';
export { BULK_MAX_BYTES, readBulkXml, readXml, SINGLE_MAX_BYTES } from './xml/read-xml.js';
export { writeBulkXml, writeXml, type Replaced, type WriteOptions, type WrittenXml } from './xml/write-xml.js';
export { readJson } from './json/read-json.js';
export { toJson, type JsonTree } from './json/write-json.js';
export { answerFileName, faceFileName, isRequest, parseFileName, type OqsFileName } from './file-names.js';
export { oqsDateTime } from './dates.js';
export { readClipboard, type ClipboardReading, type TakenOver } from './clipboard/read-clipboard.js';
