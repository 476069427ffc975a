import { type ArgumentMetadata, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';

import { type ProblemError, ProblemException } from './problem.js';

const escapePointer = (property: string): string => property.replaceAll('~', '~0').replaceAll('/', '~1');

const flatten = (errors: readonly ValidationError[], above: string): ProblemError[] =>
  errors.flatMap((error) => {
    const pointer = `${above}/${escapePointer(error.property)}`;
    return [
      ...Object.values(error.constraints ?? {}).map((detail) => ({ pointer, detail })),
      ...flatten(error.children ?? [], pointer),
    ];
  });

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Nest's pipe takes a missing body for an empty object, which would let `PUT /faults` without a body heal everything. */
class RequestValidation extends ValidationPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type === 'body' && !isObject(value)) {
      throw new ProblemException('invalid-request', {
        errors: [{ pointer: '', detail: 'the body must be an object' }],
      });
    }
    return super.transform(value, metadata);
  }
}

/** Refuses what the contract does not know. Values are never repeated in the answer. */
export const requestValidation = (): ValidationPipe =>
  new RequestValidation({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => new ProblemException('invalid-request', { errors: flatten(errors, '') }),
  });
