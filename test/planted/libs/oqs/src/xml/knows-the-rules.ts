// Allowed: what messages are read with.
import { parseCivilDate } from '@app/domain';
import { SaxesParser } from 'saxes';

import { shape } from '../shape.js';

export const parts = [parseCivilDate, SaxesParser, shape];
