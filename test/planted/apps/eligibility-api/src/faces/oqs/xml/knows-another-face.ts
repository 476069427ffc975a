// Refused with: A face does not know another face.
import { bundle } from '../../fhir/bundle.js';

export const other = bundle;
