import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsString,
  Length,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';

import { JlisCertificate } from './certificate.js';
import { MayBeAbsent } from './optional.js';

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** 1 male, 2 female, 3 not set (OQSCD007). */
export const JLIS_SEXES = ['1', '2', '3'] as const;
export type JlisSex = (typeof JLIS_SEXES)[number];

/** The five attributes by which, and only by which, a person is searched for. */
export const FIVE_ATTRIBUTES = ['kanjiName', 'kanaName', 'birthDate', 'sex', 'address'] as const;
export type JlisAttribute = (typeof FIVE_ATTRIBUTES)[number];

/** `POST /v1/person-searches`. Fewer than five attributes may be given; the answer says which ones matched. */
export class JlisPersonSearchRequest {
  @ApiPropertyOptional({ description: 'Name in kanji, a full-width space between the parts', example: '資格　太郎' })
  @MayBeAbsent()
  @IsString()
  @Length(1, 100)
  kanjiName?: string;

  @ApiPropertyOptional({ description: 'Name in kana', example: 'ｼｶｸ ﾀﾛｳ' })
  @MayBeAbsent()
  @IsString()
  @Length(1, 100)
  kanaName?: string;

  @ApiPropertyOptional({ example: '1980-05-05' })
  @MayBeAbsent()
  @Matches(DATE)
  birthDate?: string;

  @ApiPropertyOptional({ enum: JLIS_SEXES })
  @MayBeAbsent()
  @IsIn(JLIS_SEXES)
  sex?: JlisSex;

  @ApiPropertyOptional({ example: '東京都千代田区霞が関１丁目２番３号' })
  @MayBeAbsent()
  @IsString()
  @Length(1, 200)
  address?: string;
}

/** A resident as the registry holds them. All data are synthetic. */
export class JlisPerson {
  @ApiProperty({
    description: "The registry's own opaque reference; stable over the person's life",
    example: 'P0000000042',
  })
  @IsString()
  @Length(1, 40)
  personRef: string;

  @ApiProperty({ example: '資格　太郎' })
  @IsString()
  @MaxLength(100)
  kanjiName: string;

  @ApiProperty({ example: 'ｼｶｸ ﾀﾛｳ' })
  @IsString()
  @MaxLength(100)
  kanaName: string;

  @ApiProperty({ example: '1980-05-05' })
  @Matches(DATE)
  birthDate: string;

  @ApiProperty({ enum: JLIS_SEXES })
  @IsIn(JLIS_SEXES)
  sex: JlisSex;

  @ApiProperty({ example: '東京都千代田区霞が関１丁目２番３号' })
  @IsString()
  @MaxLength(200)
  address: string;

  @ApiProperty({ example: '100-0013' })
  @Matches(/^\d{3}-\d{4}$/)
  postNumber: string;
}

/** A candidate of a search, with the attributes that agree with the question. */
export class JlisCandidate extends JlisPerson {
  @ApiProperty({ enum: FIVE_ATTRIBUTES, isArray: true })
  @IsArray()
  @IsIn(FIVE_ATTRIBUTES, { each: true })
  matchedAttributes: JlisAttribute[];

  @ApiProperty({ description: 'Individual number, given to insurers only; synthetic', example: '123456789018' })
  @Matches(/^\d{12}$/)
  individualNumber: string;
}

/** 200 of `POST /v1/person-searches`: at most 20 candidates; `truncated` when there were more. */
export class JlisPersonSearchResponse {
  @ApiProperty({ type: [JlisCandidate] })
  @IsArray()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => JlisCandidate)
  candidates: JlisCandidate[];

  @ApiProperty()
  @IsBoolean()
  truncated: boolean;
}

/**
 * One line of `GET /v1/population` (NDJSON): a resident and every certificate ever issued to them, oldest first.
 * `scenario` names a person of the demo's stories; such lines come before all others.
 */
export class JlisPopulationPerson extends JlisPerson {
  @ApiPropertyOptional({ example: 'employee-30-u' })
  @MayBeAbsent()
  @IsString()
  @MaxLength(60)
  scenario?: string;

  @ApiProperty({ type: [JlisCertificate] })
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => JlisCertificate)
  certificates: JlisCertificate[];
}
