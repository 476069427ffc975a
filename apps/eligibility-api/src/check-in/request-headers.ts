import type { ProblemError } from '@app/contracts';

import { PURPOSES, type Purpose } from '../check-log/check-log.js';
import { ProblemException } from '../problems/problem.exception.js';

const VISIBLE = /^[\x21-\x7E]+$/;
const ID_CHARACTERS_MAX = 64;
const KEY_CHARACTERS_MAX = 255;

type Headers = Readonly<Record<string, string | string[] | undefined>>;

export interface CheckHeaders {
  readonly operator?: string;
  readonly terminal?: string;
  readonly purpose: Purpose;
  readonly idempotencyKey?: string;
}

const isPurpose = (text: string): text is Purpose => (PURPOSES as readonly string[]).includes(text);

/** Reads what a check may carry in its headers. Throws `invalid-header` naming each that is wrong. */
export const readCheckHeaders = (headers: Headers): CheckHeaders => {
  const errors: ProblemError[] = [];
  const text = (name: string, charactersMax: number): string | undefined => {
    const value = headers[name.toLowerCase()];
    if (value === undefined) return undefined;
    if (typeof value === 'string' && value.length <= charactersMax && VISIBLE.test(value)) return value;
    errors.push({
      pointer: `#header/${name}`,
      code: 'format',
      detail: `must be 1 to ${charactersMax} visible ASCII characters`,
    });
    return undefined;
  };
  const operator = text('Shikaku-Operator', ID_CHARACTERS_MAX);
  const terminal = text('Shikaku-Terminal', ID_CHARACTERS_MAX);
  const purpose = text('Shikaku-Purpose', ID_CHARACTERS_MAX) ?? 'treatment';
  const idempotencyKey = text('Idempotency-Key', KEY_CHARACTERS_MAX);
  if (!isPurpose(purpose))
    errors.push({ pointer: '#header/Shikaku-Purpose', code: 'enum', detail: `must be one of ${PURPOSES.join(', ')}` });
  if (errors.length > 0 || !isPurpose(purpose)) throw new ProblemException('invalid-header', { errors });
  return {
    purpose,
    ...(operator === undefined ? {} : { operator }),
    ...(terminal === undefined ? {} : { terminal }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  };
};
