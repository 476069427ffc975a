import { z } from 'zod';

/** Everything that can be set from outside. */
export interface Settings {
  /** TCP port; 0 lets the system choose. */
  port: number;
  host: string;
  /** Synthetic people, not counting the scenario people. */
  population: number;
  populationSeed: number;
  logLevel: LogLevel;
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const integer = (min: number, max: number, fallback: number) => {
  const error = `must be an integer from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,10}$/, { error })
    .transform(Number)
    .refine((n) => n >= min && n <= max, { error })
    .default(fallback);
};

const schema = z.object({
  MOCK_JLIS_PORT: integer(0, 65_535, 3100),
  HOST: z.string().min(1, { error: 'must not be empty' }).default('127.0.0.1'),
  POPULATION: integer(0, 20_000_000, 10_000),
  POPULATION_SEED: integer(0, 4_294_967_295, 1),
  LOG_LEVEL: z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` }).default('info'),
});

/** The environment cannot be used. The message names every bad variable and never repeats a value. */
export class SettingsRefused extends Error {
  override readonly name = 'SettingsRefused';
}

/**
 * Reads the settings, once and whole.
 * @throws {SettingsRefused} naming every variable that is wrong
 */
export const readSettings = (env: Readonly<Record<string, string | undefined>> = process.env): Settings => {
  const read = schema.safeParse(env);
  if (!read.success) {
    const wrong = new Map(read.error.issues.map((issue) => [issue.path.join('.'), issue.message]));
    throw new SettingsRefused(`Settings refused: ${[...wrong].map(([name, why]) => `${name} ${why}`).join('; ')}`);
  }
  return {
    port: read.data.MOCK_JLIS_PORT,
    host: read.data.HOST,
    population: read.data.POPULATION,
    populationSeed: read.data.POPULATION_SEED,
    logLevel: read.data.LOG_LEVEL,
  };
};

/** The settings when nothing is set. */
export const defaultSettings = (): Settings => readSettings({});
