import { readSettings, SettingsRefused } from './index.js';

const enough = { DATABASE_URL: 'postgres://counter@localhost/shikaku' };

describe('settings', () => {
  it('fills in what is not given', () => {
    expect(readSettings({ ...enough, PORT: '' })).toMatchObject({
      PORT: 3000,
      OAUTH_ISSUER: 'http://localhost:3000',
      CREDENTIAL_MAX_AGE_HOURS: 24,
    });
  });

  it('reports every fault at once, by name', () => {
    const read = () => readSettings({ PORT: '70000', LOG_LEVEL: 'loud', REGISTRY_TIMEOUT_MS: 'soon' });
    expect(read).toThrow(SettingsRefused);
    expect(read).toThrow(
      /PORT must be at most 65535; .*DATABASE_URL is missing; .*REGISTRY_TIMEOUT_MS must be a number; .*LOG_LEVEL must be one of/,
    );
  });

  it('never repeats a value, which could be a secret', () => {
    expect(() => readSettings({ DATABASE_URL: 'mysql://root:hunter2@db/x' })).toThrow(/DATABASE_URL/);
    expect(() => readSettings({ DATABASE_URL: 'mysql://root:hunter2@db/x' })).not.toThrow(/hunter2/);
  });

  const kept = (period: string, more = {}) =>
    readSettings({ ...enough, CHECK_LOG_RETENTION: period, ...more }).CHECK_LOG_RETENTION;
  it.each(['P5Y', 'P60M', 'P1827D', 'P10Y6M'])('keeps the check log for %s', (period) => {
    expect(kept(period)).toBe(period);
  });
  it.each(['P4Y11M', 'P1826D', 'P0Y'])('keeps the check log for %s only where that is allowed', (period) => {
    expect(() => kept(period)).toThrow('CHECK_LOG_RETENTION is less than five years');
    expect(kept(period, { CHECK_LOG_RETENTION_BELOW_FIVE_YEARS: 'allowed' })).toBe(period);
  });
  it.each(['5Y', 'P', 'P5', 'PT5H', 'P-5Y', 'P5Y '])('does not take %j for a period', (period) => {
    expect(() => readSettings({ ...enough, CHECK_LOG_RETENTION: period })).toThrow(
      'CHECK_LOG_RETENTION: must be a period',
    );
  });

  it('ignores variables that are not ours', () => {
    expect(Object.keys(readSettings({ ...enough, HOME: '/nowhere' }))).not.toContain('HOME');
  });
});
