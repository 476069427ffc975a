// Allowed: the domain, the contracts, the use case of check-in, and its own face.
import { problems } from '@app/contracts';
import { assess } from '@app/domain';

import { checkIn } from '../../../check-in/check-in.js';
import { reader } from '../reader.js';

export const meeting = [problems, assess, checkIn, reader];
