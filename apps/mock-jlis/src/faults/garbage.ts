import type { JlisOperation } from '@app/contracts/jlis';

import { UNKNOWN_SERIAL } from '../population/scenario-people.js';

/** The ways in which an answer can be wrong, in the order in which they are given. */
export const GARBAGE_KINDS = ['not-json', 'wrong-shape', 'wrong-serial', 'truncated', 'empty', 'html'] as const;
export type GarbageKind = (typeof GARBAGE_KINDS)[number];

export interface Garbage {
  contentType: string;
  body: string;
}

const JSON_TYPE = 'application/json; charset=utf-8';

/** A well-formed answer that speaks of a certificate nobody asked about; outside `certificate-status`, with a serial that is none. */
const wrongSerial = (operation: JlisOperation, asOf: string): unknown => {
  switch (operation) {
    case 'certificate-status':
      return { serial: UNKNOWN_SERIAL, status: 'good', notBefore: '2024-01-01', notAfter: '2099-01-01', asOf };
    case 'certificate-changes':
      return {
        changes: [{ serial: 'not-a-serial', status: 'good', sequence: 1, changedAt: asOf }],
        next: 1,
        last: 1,
        generation: 'garbage',
        asOf,
      };
    case 'person-searches':
      return { candidates: [{ personRef: 'garbage', individualNumber: 'not-a-number' }], truncated: false };
    case 'population':
      return { personRef: 'garbage', certificates: [{ serial: 'not-a-serial', status: 'good' }] };
  }
};

/** A body that is not what it should be. `truncated` is whole here; it is cut on its way out. */
export const garbageOf = (kind: GarbageKind, operation: JlisOperation, asOf: string): Garbage => {
  switch (kind) {
    case 'not-json':
      return { contentType: JSON_TYPE, body: '{"status":good,}' };
    case 'wrong-shape':
      return { contentType: JSON_TYPE, body: '{"result":{"code":0,"items":"none"}}' };
    case 'wrong-serial':
    case 'truncated':
      return { contentType: JSON_TYPE, body: JSON.stringify(wrongSerial(operation, asOf)) };
    case 'empty':
      return { contentType: JSON_TYPE, body: '' };
    case 'html':
      return {
        contentType: 'text/html; charset=utf-8',
        body: '<!doctype html><title>Maintenance</title><p>ただいまメンテナンス中です。',
      };
  }
};
