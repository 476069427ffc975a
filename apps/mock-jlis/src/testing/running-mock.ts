import { SettableClock } from '../clock/clock.js';
import { createMockJlis, type MockJlis, type MockJlisOptions } from '../create-mock-jlis.js';
import { defaultSettings } from '../settings/settings.js';

/** A registry on a port of its own, for tests. */
export interface RunningMock extends MockJlis {
  url: string;
  clock: SettableClock;
  /** Sends JSON and reads JSON; `body` is undefined when the answer had none. */
  call(method: string, path: string, json?: unknown): Promise<{ status: number; type: string; body: unknown }>;
}

/** Starts one on 2026-11-22 at 09:00 in Tokyo with 300 synthetic people. */
export const startMock = async (
  options: { population?: number; retainedChanges?: number } = {},
): Promise<RunningMock> => {
  const clock = new SettableClock('2026-11-22T09:00:00+09:00');
  const settings = {
    ...defaultSettings(),
    port: 0,
    population: options.population ?? 300,
    logLevel: 'silent' as const,
  };
  const given: MockJlisOptions = { settings, clock };
  if (options.retainedChanges !== undefined) given.retainedChanges = options.retainedChanges;
  const mock = await createMockJlis(given);
  const url = await mock.listen();
  const call: RunningMock['call'] = async (method, path, json) => {
    const response = await fetch(`${url}${path}`, {
      method,
      ...(json === undefined ? {} : { body: JSON.stringify(json), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    return {
      status: response.status,
      type: response.headers.get('content-type') ?? '',
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
    };
  };
  return { ...mock, url, clock, call };
};
