import { z } from 'zod';

import { isShort, parseRetention } from '../check-log/retention-period.js';
import { settingsSchema, type Settings } from './schema.js';

/** Why the settings cannot be used: every fault, by name, and never a value (it could be a secret). */
export class SettingsRefused extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`Settings refused: ${faults.join('; ')}`);
    this.name = 'SettingsRefused';
  }
}

const faultOf = (issue: z.core.$ZodIssue): string => {
  const name = issue.path.join('.');
  if (issue.code === 'invalid_type')
    return issue.input === undefined ? `${name} is missing` : `${name} must be a ${issue.expected}`;
  if (issue.code === 'too_small') return `${name} must be at least ${issue.minimum}`;
  if (issue.code === 'too_big') return `${name} must be at most ${issue.maximum}`;
  if (issue.code === 'invalid_value') return `${name} must be one of ${issue.values.join(', ')}`;
  return `${name}: ${issue.message}`;
};

/** Reads all settings at once; an empty value counts as not given. Throws `SettingsRefused`. */
export const readSettings = (environment: Readonly<Record<string, string | undefined>>): Settings => {
  const given = Object.fromEntries(
    Object.keys(settingsSchema.shape).flatMap((name) => {
      const value = environment[name];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
  const parsed = settingsSchema.safeParse(given, { reportInput: true });
  if (!parsed.success) throw new SettingsRefused(parsed.error.issues.map(faultOf));
  const { OAUTH_ISSUER, GENERATED_KEYS, ...rest } = parsed.data;
  if (isShort(parseRetention(rest.CHECK_LOG_RETENTION)) && rest.CHECK_LOG_RETENTION_BELOW_FIVE_YEARS === 'refused')
    throw new SettingsRefused([
      'CHECK_LOG_RETENTION is less than five years; CHECK_LOG_RETENTION_BELOW_FIVE_YEARS=allowed says that this is meant',
    ]);
  if ((rest.OQS_FOLDER_ROOT === undefined) !== (rest.OQS_FOLDER_CLIENT === undefined))
    throw new SettingsRefused(['OQS_FOLDER_ROOT and OQS_FOLDER_CLIENT are given together, or neither']);
  if ((rest.OUTSIDE_ISSUER === undefined) !== (rest.OUTSIDE_ISSUER_JWKS_URL === undefined))
    throw new SettingsRefused(['OUTSIDE_ISSUER and OUTSIDE_ISSUER_JWKS_URL go together']);
  const issuer = OAUTH_ISSUER ?? `http://localhost:${rest.PORT}`;
  if (rest.OUTSIDE_ISSUER === issuer)
    throw new SettingsRefused(['OUTSIDE_ISSUER must not be called as OAUTH_ISSUER is']);
  return Object.freeze({
    ...rest,
    OAUTH_ISSUER: issuer,
    GENERATED_KEYS: GENERATED_KEYS ?? (environment['NODE_ENV'] === 'production' ? 'refused' : 'allowed'),
  });
};
