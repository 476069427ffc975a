import type { ProblemError } from '@app/contracts';
import { Injectable, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';

import { ProblemException } from '../problems/problem.exception.js';

const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const flatten = (errors: readonly ValidationError[], parent: string): ProblemError[] =>
  errors.flatMap((error) => {
    const pointer = `${parent}/${error.property}`;
    const own = Object.entries(error.constraints ?? {}).map(([name, detail]) => ({
      pointer,
      code: kebab(name),
      detail,
    }));
    return [...own, ...flatten(error.children ?? [], pointer)];
  });

/** What spans fields (class-validator on the DTO classes); the shape of each field has been checked before. */
@Injectable()
export class BodyRules extends ValidationPipe {
  constructor() {
    super({
      transform: false,
      whitelist: false,
      forbidUnknownValues: false,
      validateCustomDecorators: false,
      exceptionFactory: (errors) => new ProblemException('invalid-request', { errors: flatten(errors, '') }),
    });
  }
}
