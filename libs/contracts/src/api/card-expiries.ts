import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

import { CIVIL_DATE, ROW_ID } from './patterns.js';

export const EXPIRY_STAGES = ['renewable', 'grace'] as const;
export type ExpiryStage = (typeof EXPIRY_STAGES)[number];

const day = (description: string, example: string) =>
  ({ description, format: 'date', pattern: CIVIL_DATE, example }) as const;

/** `GET /v1/card-expiry-notices`. */
export class CardExpiryQuery {
  @ApiPropertyOptional(day('The day on which they are told; today when left out', '2026-11-22'))
  on?: string;

  @ApiPropertyOptional({ enum: EXPIRY_STAGES, description: 'Only these; both when left out', example: 'grace' })
  stage?: ExpiryStage;

  @ApiPropertyOptional({
    description: '`nextCursor` of the page before',
    pattern: ROW_ID,
    maxLength: 18,
    example: '1042',
  })
  cursor?: string;

  @ApiPropertyOptional({
    description: 'People looked at for one page, 1 to 1,000; a page may have fewer',
    pattern: '^([1-9]\\d{0,2}|1000)$',
    default: '100',
    example: '100',
  })
  limit?: string;
}

/** Somebody whose certificate or card is to be renewed, by number alone: name and address stand on the documents, whose readings are on record. */
export class CardExpiryNotice {
  @ApiProperty({ description: 'The person, for documents', maxLength: 20, example: '1007' })
  insuredPersonId: string;

  @ApiPropertyOptional({ description: '被保険者証記号', maxLength: 20, example: '1001' })
  insuredCardSymbol?: string;

  @ApiProperty({ description: '被保険者証番号', maxLength: 20, example: '1987654' })
  insuredIdentificationNumber: string;

  @ApiPropertyOptional({ description: '被保険者証枝番', maxLength: 2, example: '01' })
  insuredBranchNumber?: string;

  @ApiProperty({
    description:
      'renewable: it works, and can be renewed; grace: the certificate has ended, and answers eligibility alone until graceUntil; from the day after a 資格確認書 is needed',
    enum: EXPIRY_STAGES,
    example: 'renewable',
  })
  stage: ExpiryStage;

  @ApiProperty({
    description:
      'certificate: the 利用者証明用電子証明書 alone, at the town hall; card: the card ends the same day, and a new one is applied for',
    enum: ['certificate', 'card'],
    example: 'certificate',
  })
  what: 'certificate' | 'card';

  @ApiProperty(day('Last day of the certificate', '2027-01-10'))
  certificateExpirationDate: string;

  @ApiPropertyOptional(day('Last day of the card, where it follows from the day of issue', '2032-01-10'))
  cardExpirationDate?: string;

  @ApiProperty(day('First day on which it can be renewed', '2026-10-11'))
  renewableFrom: string;

  @ApiProperty(day('Last day on which the card still answers', '2027-04-30'))
  graceUntil: string;
}

/** Those who are to be told on a day, in the order of their ids. */
export class CardExpiryNotices {
  @ApiProperty(day('The day', '2026-11-22'))
  on: string;

  @ApiProperty({ type: [CardExpiryNotice] })
  notices: CardExpiryNotice[];

  @ApiPropertyOptional({ description: 'There may be more: ask again with this cursor', maxLength: 18, example: '1042' })
  nextCursor?: string;
}
