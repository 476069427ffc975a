import { ApiHeader } from '@nestjs/swagger';

/** The header by which a caller says which of its staff reads; `act.sub` of the token goes before it. */
export const NamesOperator = () =>
  ApiHeader({
    name: 'Shikaku-Operator',
    required: false,
    description:
      'Opaque staff id, recorded with what was shown; the person whom the token names (`act.sub`) goes before it',
    schema: { type: 'string', maxLength: 64 },
    example: 'staff-17',
  });
