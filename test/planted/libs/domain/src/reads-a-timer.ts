// Refused with: A rule reads no clock.
export const instant = (): number => performance.now();
