const JAPAN_AHEAD_MS = 9 * 60 * 60 * 1000;

/** `YYYYMMDDhhmmss` in Japan, where no clock is ever put forward. */
export const oqsDateTime = (epochMs: number): string =>
  new Date(epochMs + JAPAN_AHEAD_MS).toISOString().slice(0, 19).replaceAll(/\D/gu, '');
