// Allowed: a module is where concretes meet.
import { TypeOrmModule } from '@nestjs/typeorm';

import { checkIn } from '../check-in/check-in.js';
import { registry } from '../registry/registry.js';

export const meeting = [TypeOrmModule, checkIn, registry];
