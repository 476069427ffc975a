/** カナ氏名 as compared and stored: Unicode NFKC (half-width kana composed, full-width space to a plain one). */
export const kanaNfkc = (text: string): string => text.normalize('NFKC');
