// Refused with: Take the setting as an argument.
export const zone = (): string | undefined => process.env['TZ'];
