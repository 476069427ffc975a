import { hash, randomUUIDv7 } from 'node:crypto';

import { tokyoInstant } from '../clock/clock.js';
import type { CheckRecord, KeptRow } from './check-log.js';

export const NOW = Date.parse('2026-11-22T09:00:00.123+09:00');

/** A row of a replica as far as this room knows: something sealed. Here turned about, so that nothing in clear is in it. */
export const turned = (text: string): Uint8Array => Buffer.from(text, 'latin1').map((byte) => byte ^ 0xff);
export const openRow = ({ stored }: KeptRow): string =>
  Buffer.from(stored.map((byte) => byte ^ 0xff)).toString('latin1');

/** A check as it is put on record. */
export const recordOf = (text: string | KeptRow, more: Partial<CheckRecord> = {}): CheckRecord => {
  const checkId = more.checkId ?? randomUUIDv7();
  const said = typeof text === 'string' ? text : openRow(text);
  const checkedAt = more.checkedAt ?? NOW;
  return {
    checkId,
    clientId: 'demo-clinic',
    institutionCode: '1312345679',
    purpose: 'treatment',
    checkedAt,
    serviceDate: '2026-11-22',
    subjectHash: Buffer.alloc(32, 7),
    verdict: 'valid',
    credentialState: 'valid',
    answerVersion: 'v1.AAAAAAAAAAAAAAAAAAAAAA',
    unchanged: false,
    consented: ['limitApplicationCertificate'],
    answer: {
      text,
      splices: {
        checkId,
        checkedAt: tokyoInstant(checkedAt),
        serviceDate: '2026-11-22',
        answerVersion: 'v1.AAAAAAAAAAAAAAAAAAAAAA',
        freshness: '{"source":"replica","asOf":"2026-11-22T09:00:00.000+09:00"}',
        verifiedAt: '2026-11-22T08:59:59.000+09:00',
        availableUntil: '',
        treatmentMonth: '2026-11',
        consented: 1,
        institutionCode: '1312345679',
      },
      digest: hash('sha256', Buffer.from(said, 'latin1'), 'base64url'),
    },
    ...more,
  };
};
