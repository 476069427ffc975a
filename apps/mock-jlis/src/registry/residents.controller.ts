import { JlisPerson, JLIS_SEXES, type JlisSex } from '@app/contracts/jlis';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import { IsIn, IsString, Length, Matches, ValidateIf } from 'class-validator';

import { Problem } from '../problems/problem.js';
import { Registry } from './registry.js';

const IfGiven = (): PropertyDecorator => ValidateIf((_object, value: unknown) => value !== undefined);

/** What becomes another of whoever holds a certificate. */
export class ResidentChange {
  @ApiProperty({ description: 'Of any certificate of theirs', example: 'FFFFFFFF00100001' })
  @Matches(/^[0-9A-Fa-f]{8,40}$/)
  serial: string;

  @ApiPropertyOptional({ example: '新姓　太郎' })
  @IfGiven()
  @IsString()
  @Length(1, 100)
  kanjiName?: string;

  @ApiPropertyOptional({ example: 'ｼﾝｾｲ ﾀﾛｳ' })
  @IfGiven()
  @IsString()
  @Length(1, 100)
  kanaName?: string;

  @ApiPropertyOptional({ enum: JLIS_SEXES })
  @IfGiven()
  @IsIn(JLIS_SEXES)
  sex?: JlisSex;

  @ApiPropertyOptional({ example: '東京都千代田区永田町１丁目１番１号' })
  @IfGiven()
  @IsString()
  @Length(1, 200)
  address?: string;

  @ApiPropertyOptional({ example: '100-0014' })
  @IfGiven()
  @Matches(/^\d{3}-\d{4}$/)
  postNumber?: string;
}

/** Lets people marry and move: what a town hall does, and a test cannot wait for. */
@ApiTags('admin')
@Controller('admin/residents')
export class ResidentsController {
  constructor(private readonly registry: Registry) {}

  @Post('change')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Change name, sex or address of whoever holds a certificate, from now on',
    description: 'Searches find them by it at once. Until the registry is started anew.',
  })
  @ApiOkResponse({ type: JlisPerson })
  @ApiBadRequestResponse({ type: Problem })
  @ApiNotFoundResponse({ type: Problem, description: '`certificate-unknown`' })
  change(@Body() { serial, ...changed }: ResidentChange): JlisPerson {
    // A field that was left out is there as undefined.
    const given = Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== undefined));
    const { personRef, kanjiName, kanaName, birthDate, sex, address, postNumber } = this.registry.changeResident(
      serial.toUpperCase(),
      given,
    );
    return { personRef, kanjiName, kanaName, birthDate, sex, address, postNumber };
  }
}
