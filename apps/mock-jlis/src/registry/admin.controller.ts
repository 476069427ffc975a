import { JlisCertificateChange, JlisCertificateStatusRequest } from '@app/contracts/jlis';
import { applyDecorators, Body, Controller, HttpCode, Post } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiConflictResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiTags,
} from '@nestjs/swagger';

import { Problem } from '../problems/problem.js';
import { Registry } from './registry.js';

/** The changes an operator's act put into the feed. */
export class AdminChanges {
  @ApiProperty({ type: [JlisCertificateChange] })
  changes: JlisCertificateChange[];
}

const Describe = (summary: string, description: string): MethodDecorator =>
  applyDecorators(
    ApiOperation({ summary, description }),
    ApiOkResponse({ type: AdminChanges }),
    ApiBadRequestResponse({ type: Problem }),
    ApiNotFoundResponse({ type: Problem, description: '`certificate-unknown`' }),
    ApiConflictResponse({ type: Problem, description: '`certificate-not-current`' }),
  );

/** Makes things happen to certificates: what the real registry does by itself and a test cannot wait for. */
@ApiTags('admin')
@Controller('admin/certificates')
export class AdminController {
  constructor(private readonly registry: Registry) {}

  @Post('revoke')
  @HttpCode(200)
  @Describe('Revoke a certificate today', 'As after a lost card. The certificate must be good or expired.')
  revoke(@Body() { serial }: JlisCertificateStatusRequest): AdminChanges {
    return { changes: this.registry.change('revoke', serial) };
  }

  @Post('renew')
  @HttpCode(200)
  @Describe(
    'Issue a successor today',
    'Two changes: the old certificate (`superseded`), then the new one, good until the fifth birthday from now (the sixth when renewed in its last three months). The certificate must be good or expired.',
  )
  renew(@Body() { serial }: JlisCertificateStatusRequest): AdminChanges {
    return { changes: this.registry.change('renew', serial) };
  }

  @Post('expire')
  @HttpCode(200)
  @Describe('Let a certificate have ended yesterday', 'The certificate must be good.')
  expire(@Body() { serial }: JlisCertificateStatusRequest): AdminChanges {
    return { changes: this.registry.change('expire', serial) };
  }
}
