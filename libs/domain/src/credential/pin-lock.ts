/** `auth4`: 利用者証明用, 4 digits. `sign`: 署名用, 6 to 16 characters. */
export type PinKind = 'auth4' | 'sign';

/** Failures in a row that lock. The count is kept over days until a success. */
export const PIN_FAILURES_TO_LOCK: Readonly<Record<PinKind, number>> = { auth4: 3, sign: 5 };

export interface PinState {
  readonly locked: boolean;
  readonly failuresInARow: number;
}

export const FRESH_PIN: PinState = { locked: false, failuresInARow: 0 };

/** One try. A locked PIN stays locked whatever is entered; face matching still works and does not unlock it. */
export const afterAttempt = (state: PinState, kind: PinKind, attempt: 'ok' | 'ng'): PinState => {
  if (state.locked) return state;
  if (attempt === 'ok') return FRESH_PIN;
  const failuresInARow = state.failuresInARow + 1;
  return { locked: failuresInARow >= PIN_FAILURES_TO_LOCK[kind], failuresInARow };
};

export const pinAfter = (kind: PinKind, attempts: readonly ('ok' | 'ng')[]): PinState => {
  let state = FRESH_PIN;
  for (const attempt of attempts) state = afterAttempt(state, kind, attempt);
  return state;
};
