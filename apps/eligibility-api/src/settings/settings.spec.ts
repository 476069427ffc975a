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

  it('ignores variables that are not ours', () => {
    expect(Object.keys(readSettings({ ...enough, HOME: '/nowhere' }))).not.toContain('HOME');
  });
});
