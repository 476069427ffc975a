// Refused with: The corridor knows interfaces, no driver and no breaker.
import CircuitBreaker from 'opossum';

export const breaker = CircuitBreaker;
