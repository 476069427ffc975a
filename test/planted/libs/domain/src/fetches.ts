// Refused with: Take the facts as an argument.
export const ask = (url: string): Promise<Response> => fetch(url);
