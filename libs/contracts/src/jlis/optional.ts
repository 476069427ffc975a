import { ValidateIf } from 'class-validator';

/** The property may be left out; unlike `@IsOptional()`, `null` is not a way of leaving it out. */
export const MayBeAbsent = (): PropertyDecorator => ValidateIf((_object, value: unknown) => value !== undefined);
