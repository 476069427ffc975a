import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsArray, IsIn, IsInt, IsString, Length, Matches, MaxLength, Min, ValidateNested } from 'class-validator';

import { MayBeAbsent } from './optional.js';

/** Hexadecimal serial of a 利用者証明用電子証明書, upper case on the wire. */
export const CERTIFICATE_SERIAL = /^[0-9A-F]{8,40}$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/**
 * What the certificate authority says of a serial. `superseded`: a renewed certificate took its place (`supersededBy`).
 * `unknown`: no such certificate was ever issued; an answer, not a fault.
 */
export const CERTIFICATE_STATUSES = ['good', 'expired', 'revoked', 'superseded', 'unknown'] as const;
export type JlisCertificateStatus = (typeof CERTIFICATE_STATUSES)[number];

/** `POST /v1/certificate-status`: the serial travels in the body, never in a URL. */
export class JlisCertificateStatusRequest {
  @ApiProperty({ example: '1A2B3C4D5E6F7081', pattern: CERTIFICATE_SERIAL.source })
  @Matches(CERTIFICATE_SERIAL)
  serial: string;
}

/** The registry's word on one certificate. */
export class JlisCertificate {
  @ApiProperty({ example: '1A2B3C4D5E6F7081' })
  @Matches(CERTIFICATE_SERIAL)
  serial: string;

  @ApiProperty({ enum: CERTIFICATE_STATUSES })
  @IsIn(CERTIFICATE_STATUSES)
  status: JlisCertificateStatus;

  @ApiPropertyOptional({ description: 'First day of validity; absent when unknown', example: '2024-05-05' })
  @MayBeAbsent()
  @Matches(DATE)
  notBefore?: string;

  @ApiPropertyOptional({
    description: 'Last day of validity (the fifth birthday); absent when unknown',
    example: '2029-04-01',
  })
  @MayBeAbsent()
  @Matches(DATE)
  notAfter?: string;

  @ApiPropertyOptional({ description: 'Day of revocation', example: '2026-03-01' })
  @MayBeAbsent()
  @Matches(DATE)
  revokedOn?: string;

  @ApiPropertyOptional({ description: 'Serial that took the place of this one' })
  @MayBeAbsent()
  @Matches(CERTIFICATE_SERIAL)
  supersededBy?: string;

  @ApiPropertyOptional({ description: 'Serial whose place this one took' })
  @MayBeAbsent()
  @Matches(CERTIFICATE_SERIAL)
  supersedes?: string;

  @ApiPropertyOptional({ description: "The registry's own opaque reference to the holder; not the individual number" })
  @MayBeAbsent()
  @IsString()
  @Length(1, 40)
  personRef?: string;
}

/** 200 of `POST /v1/certificate-status`. */
export class JlisCertificateStatusResponse extends JlisCertificate {
  @ApiProperty({ description: 'When the registry looked', example: '2026-11-22T09:00:00.123+09:00' })
  @Matches(INSTANT)
  asOf: string;
}

/** One entry of the change feed. */
export class JlisCertificateChange extends JlisCertificate {
  @ApiProperty({ description: 'Rises by one with every change; never reused', example: 42 })
  @IsInt()
  @Min(1)
  sequence: number;

  @ApiProperty({ example: '2026-11-22T08:59:58+09:00' })
  @Matches(INSTANT)
  changedAt: string;
}

/**
 * 200 of `GET /v1/certificate-changes?after=&limit=`: changes with a sequence above `after`, oldest first, at most `limit`
 * (1,000 by default, 10,000 at most). `generation` names the life of the registry's data: a reader that sees another one
 * than before must load afresh, because sequences have begun anew.
 */
export class JlisCertificateChanges {
  @ApiProperty({ type: [JlisCertificateChange] })
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => JlisCertificateChange)
  changes: JlisCertificateChange[];

  @ApiProperty({ description: 'Pass as `after` next time', example: 42 })
  @IsInt()
  @Min(0)
  next: number;

  @ApiProperty({
    description: 'The last sequence there is; the reader is complete when it has reached it',
    example: 42,
  })
  @IsInt()
  @Min(0)
  last: number;

  @ApiProperty({ example: 'seed-1-10000-20261122' })
  @IsString()
  @MaxLength(100)
  generation: string;

  @ApiProperty({ example: '2026-11-22T09:00:00.123+09:00' })
  @Matches(INSTANT)
  asOf: string;
}
