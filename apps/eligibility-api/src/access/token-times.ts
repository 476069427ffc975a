/** Longer-lived tokens are refused, whoever signed them. */
export const LIFETIME_SECONDS_MAX = 600;

/** A caller's clock may be ahead by this much (FAPI 2.0 section 5.3.2.1 accepts 10 s, refuses over 60 s). */
export const CLOCK_TOLERANCE_SECONDS = 10;
