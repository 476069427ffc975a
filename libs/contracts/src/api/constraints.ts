import { registerDecorator, type ValidationOptions } from 'class-validator';

/**
 * Exactly one of the named fields is present. JSON Schema checks each field; what spans fields is checked here. Put it on
 * the first of the fields; the error points there.
 */
export const ExactlyOneOf =
  (fields: readonly string[], options?: ValidationOptions) =>
  (target: object, propertyName: string): void => {
    registerDecorator({
      name: 'exactlyOneOf',
      target: target.constructor,
      propertyName,
      ...(options === undefined ? {} : { options }),
      constraints: [...fields],
      validator: {
        validate: (_value, validated) => {
          const given = (validated?.object ?? {}) as Record<string, unknown>;
          return fields.filter((field) => given[field] !== undefined).length === 1;
        },
        defaultMessage: () => `exactly one of ${fields.join(' and ')} must be given`,
      },
    });
  };
