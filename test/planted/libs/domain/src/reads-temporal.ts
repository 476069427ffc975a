// Refused with: Take the day as an argument.
export const today = (): string => Temporal.Now.plainDateISO().toString();
