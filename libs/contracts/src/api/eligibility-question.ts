import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

import { ExactlyOneOf } from './constraints.js';
import { BRANCH_NUMBER, CARD_TEXT, CERTIFICATE_SERIAL, CIVIL_DATE, INSURER_NUMBER } from './patterns.js';

/** The card as the reader gives it. */
export class CardIdentifier {
  @ApiProperty({
    description:
      'Serial number of the 利用者証明用電子証明書 in hexadecimal, 8 to 40 digits. It changes at every renewal; the person stays the same.',
    pattern: CERTIFICATE_SERIAL,
    minLength: 8,
    maxLength: 40,
    example: '1A2B3C4D5E6F7081',
  })
  certificateSerial: string;
}

/** What stands on a 資格確認書 or a 資格情報のお知らせ. Compared after NFKC, with hyphens of every kind taken as one. */
export class InsuredIdentifier {
  @ApiProperty({
    description:
      '保険者番号: 8 digits, or 6 for 国保 (padding with spaces or zeros is accepted). A wrong check digit does not refuse the check: it is answered as not-found, with a notice.',
    pattern: INSURER_NUMBER,
    maxLength: 16,
    example: '06130488',
  })
  insurerNumber: string;

  @ApiPropertyOptional({
    description: '被保険者証記号. Absent matches any; 後期 has none.',
    pattern: CARD_TEXT,
    minLength: 1,
    maxLength: 20,
    example: '1234',
  })
  insuredCardSymbol?: string;

  @ApiProperty({ description: '被保険者証番号', pattern: CARD_TEXT, minLength: 1, maxLength: 20, example: '1987654' })
  insuredIdentificationNumber: string;

  @ApiPropertyOptional({
    description: '被保険者証枝番, two digits (one is padded). Absent matches any.',
    pattern: BRANCH_NUMBER,
    minLength: 1,
    maxLength: 2,
    example: '01',
  })
  insuredBranchNumber?: string;

  @ApiProperty({ description: '生年月日', format: 'date', pattern: CIVIL_DATE, example: '1980-05-05' })
  birthdate: string;
}

/** What the patient agreed to show this institution, this time. An absent field is not consented. */
export class Consent {
  @ApiPropertyOptional({ description: '限度額適用認定証提供同意 (OQSCD001)', default: false, example: true })
  limitApplicationCertificate?: boolean;

  @ApiPropertyOptional({ description: '特定疾病療養受療証提供同意 (OQSCD016)', default: false, example: true })
  specificDiseases?: boolean;

  @ApiPropertyOptional({ description: '薬剤情報閲覧同意', default: false, example: false })
  pharmacists?: boolean;

  @ApiPropertyOptional({ description: '特定健診情報閲覧同意', default: false, example: false })
  specificHealthCheckups?: boolean;

  @ApiPropertyOptional({ description: '診療情報閲覧同意', default: false, example: false })
  diagnosis?: boolean;

  @ApiPropertyOptional({ description: '手術情報閲覧同意', default: false, example: false })
  operation?: boolean;
}

/** One question about one person: by `card` or by `insured`, never both. */
export class EligibilityCheckRequest {
  @ApiPropertyOptional({
    description: 'Ask by card. Exactly one of `card` and `insured` is given.',
    type: CardIdentifier,
  })
  @ExactlyOneOf(['card', 'insured'])
  card?: CardIdentifier;

  @ApiPropertyOptional({
    description: 'Ask by insurer number, symbol and number. Exactly one of `card` and `insured` is given.',
    type: InsuredIdentifier,
  })
  insured?: InsuredIdentifier;

  @ApiPropertyOptional({
    description:
      'The day whose coverage is asked for. Default: today in Asia/Tokyo. From 2015-01-01 to one year ahead.',
    format: 'date',
    pattern: CIVIL_DATE,
    example: '2026-11-22',
  })
  serviceDate?: string;

  @ApiPropertyOptional({ type: Consent })
  consent?: Consent;

  @ApiPropertyOptional({
    description:
      'The answerVersion the caller already holds; when it is still current the reply is short (`unchanged: true`).',
    minLength: 1,
    maxLength: 64,
    example: 'v2.9k3XbDqZ0mU7c2RrT5wYhA.0000202611',
  })
  ifVersion?: string;

  @ApiPropertyOptional({
    description:
      'How old credential.verifiedAt may be, seconds; 0 asks the registry now. When it cannot be met because the registry is away, the answer is given all the same, marked degraded.',
    type: 'integer',
    minimum: 0,
    maximum: 31_536_000,
    example: 86_400,
  })
  maxAgeSeconds?: number;
}
