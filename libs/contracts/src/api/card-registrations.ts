import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

import { CERTIFICATE_SERIAL, CIVIL_DATE, INSTANT } from './patterns.js';

/** Where the patient applied. */
export const REGISTRATION_CHANNELS = ['reader', 'smartphone', 'atm'] as const;
export type RegistrationChannel = (typeof REGISTRATION_CHANNELS)[number];

/** 健康保険証利用登録: from here on the card answers for its holder. */
export class CardRegistrationRequest {
  @ApiProperty({
    description: 'Serial number of the 利用者証明用電子証明書 in hexadecimal, 8 to 40 digits',
    pattern: CERTIFICATE_SERIAL,
    minLength: 8,
    maxLength: 40,
    example: '1A2B3C4D5E6F7081',
  })
  certificateSerial: string;

  @ApiProperty({
    description: 'reader: at a clinic’s or pharmacy’s card reader; smartphone: マイナポータル; atm: セブン銀行 ATM',
    enum: REGISTRATION_CHANNELS,
    example: 'reader',
  })
  channel: RegistrationChannel;
}

/** A card that is registered. Its renewed certificates follow by themselves. */
export class CardRegistration {
  @ApiProperty({ description: 'The person', maxLength: 20, example: '1007' })
  insuredPersonId: string;

  @ApiProperty({ enum: REGISTRATION_CHANNELS, description: 'Where it was first registered', example: 'reader' })
  channel: RegistrationChannel;

  @ApiProperty({
    description: 'When it was first registered',
    format: 'date-time',
    pattern: INSTANT,
    example: '2026-11-22T10:00:00.123+09:00',
  })
  registeredAt: string;

  @ApiPropertyOptional({
    description: 'Last day of the certificate’s validity: the card is of use to 3 months after it',
    format: 'date',
    pattern: CIVIL_DATE,
    example: '2029-04-01',
  })
  certificateExpirationDate?: string;
}
