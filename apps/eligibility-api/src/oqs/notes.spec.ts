import { problems, type Notice, type ProblemCode } from '@app/contracts';
import { describe, expect, it } from 'vitest';

import { ProblemException } from '../problems/problem.exception.js';
import { noteOfAnswer, noteOfError } from './notes.js';

const freshness = {
  source: 'replica',
  asOf: '2026-11-02T08:05:00.000+09:00',
  freshUntil: '2026-11-02T08:05:05.000+09:00',
} as const;
const notice = (code: string, ja: string): Notice => ({
  code,
  clerk: { ja, en: '' },
  vendor: { en: '' },
  nextStep: 'none',
});

describe('what is said beside an answer, and instead of one', () => {
  it('nothing where there is nothing to say', () => {
    expect(noteOfAnswer({ notices: [], freshness })).toBeUndefined();
  });

  it('the code of the first, the words of all', () => {
    expect(
      noteOfAnswer({
        notices: [
          notice('certificate-expires-soon', 'まもなく切れます。'),
          notice('copay-rate-undetermined', '割合は不明です。'),
        ],
        freshness,
      }),
    ).toEqual({ code: 'SHK4001', message: 'まもなく切れます。割合は不明です。' });
  });

  it.each([
    ['registry-unavailable', 'SHK4101', '電子証明書'],
    ['replica-behind', 'SHK4102', '11月2日08:05現在'],
    ['database-unavailable', 'SHK4103', '11月2日08:05現在'],
  ] as const)('degraded by %s, it says so', (reason, code, words) => {
    const degraded = { reason, since: freshness.asOf, acceptUntil: freshness.asOf };
    const note = noteOfAnswer({ notices: [], freshness: { ...freshness, degraded } });
    expect(note?.code).toBe(code);
    expect(note?.message).toContain(words);
  });

  it.each((Object.keys(problems) as ProblemCode[]).map((code) => [code]))(
    '%s has a code of ours and Japanese words, and says nobody is not covered',
    (code) => {
      const { code: wire, message } = noteOfError(new ProblemException(code));
      expect(wire).toMatch(/^SHK\d{4}$/);
      expect(message).toMatch(/[ぁ-ん]/);
      expect(message.replaceAll('「資格なし」ではありません', '')).not.toMatch(/資格なし|該当なし/);
    },
  );

  it('what is no problem of the catalogue is a fault of ours', () => {
    expect(noteOfError(new Error('secret')).code).toBe('SHK3999');
    expect(noteOfError(new Error('secret')).message).not.toContain('secret');
  });
});
