// Refused with: Only the registry stands behind a breaker.
import CircuitBreaker from 'opossum';

export const breaker = CircuitBreaker;
