// Refused with: Take the day as an argument.
export const today = (): string => new Date().toISOString();
