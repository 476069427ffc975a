import { accepted, refused, type Parsed } from '../parsed.js';

declare const certificateSerialBrand: unique symbol;

/** Serial of a 利用者証明用電子証明書: hexadecimal, 8 to 40 digits, upper case. It changes at each renewal; the person does not. */
export type CertificateSerial = string & { readonly [certificateSerialBrand]: 'CertificateSerial' };

const UPPER_HEX = /^[0-9A-F]{8,40}$/u;

export const parseCertificateSerial = (text: string): Parsed<CertificateSerial, 'format'> => {
  if (UPPER_HEX.test(text)) return accepted(text as CertificateSerial);
  const folded = text.normalize('NFKC').trim().toUpperCase();
  return UPPER_HEX.test(folded)
    ? accepted(folded as CertificateSerial)
    : refused('format', 'a certificate serial has 8 to 40 hexadecimal digits');
};
