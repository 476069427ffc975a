import { readSettings } from './settings.js';

it('has a default for everything', () => {
  expect(readSettings({})).toEqual({
    port: 3100,
    host: '127.0.0.1',
    population: 10_000,
    populationSeed: 1,
    logLevel: 'info',
  });
});

it('reads every variable', () => {
  const env = { MOCK_JLIS_PORT: '0', HOST: '::1', POPULATION: '20000000', POPULATION_SEED: '42', LOG_LEVEL: 'silent' };
  expect(readSettings(env)).toEqual({
    port: 0,
    host: '::1',
    population: 20_000_000,
    populationSeed: 42,
    logLevel: 'silent',
  });
});

it.each([
  [{ MOCK_JLIS_PORT: '65536' }, 'MOCK_JLIS_PORT must be an integer from 0 to 65535'],
  [{ MOCK_JLIS_PORT: '' }, 'MOCK_JLIS_PORT must be an integer from 0 to 65535'],
  [{ POPULATION: '20000001' }, 'POPULATION must be an integer from 0 to 20000000'],
  [{ POPULATION: '1e3' }, 'POPULATION must be an integer from 0 to 20000000'],
  [{ POPULATION_SEED: '-1' }, 'POPULATION_SEED must be an integer from 0 to 4294967295'],
  [{ HOST: '' }, 'HOST must not be empty'],
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent'],
])('refuses %o by name', (env, message) => {
  expect(() => readSettings(env)).toThrow(`Settings refused: ${message}`);
});

it('names every bad variable at once and repeats no value', () => {
  const env = { MOCK_JLIS_PORT: 'secret', POPULATION: 'secret', LOG_LEVEL: 'secret' };
  expect(() => readSettings(env)).toThrow(/^(?!.*secret).*MOCK_JLIS_PORT .*; POPULATION .*; LOG_LEVEL /);
});
