// Refused with: The mock shares only the registry's wire
import { readXml } from '@app/oqs';

export const shared = readXml;
