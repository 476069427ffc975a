import 'reflect-metadata';
import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

import {
  Body,
  type CanActivate,
  Controller,
  type ExecutionContext,
  HttpCode,
  Injectable,
  Module,
  NotFoundException,
  Post,
  UnauthorizedException,
  UseGuards,
  ValidationPipe,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Type } from 'class-transformer';
import { IsBoolean, IsOptional, IsString, Matches, ValidateNested } from 'class-validator';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { Column, DataSource, Entity, PrimaryColumn, type Repository } from 'typeorm';

/*
 * The usual way: what a tutorial leads to. Every request's token is verified by passport-jwt with its own verifier, the body goes
 * through ValidationPipe, one row is found by primary key with TypeORM, and an object is serialised for each reply. Generous to
 * it: Fastify instead of Express, one row of one table, no rule is worked out, nothing is put on record.
 */
const {
  ANSWER_FILE = '',
  PUBLIC_KEY_FILE = '',
  DATABASE_URL = '',
  PORT = '',
  ISSUER = '',
  AUDIENCE = '',
} = process.env;

@Entity('credential')
class Credential {
  @PrimaryColumn('text') serial: string;
  @Column('bigint', { name: 'person_id' }) personId: string;
  @Column('text') status: string;
  @Column('date', { name: 'not_before', nullable: true }) notBefore: string | null;
  @Column('date', { name: 'not_after', nullable: true }) notAfter: string | null;
  @Column('timestamptz', { name: 'verified_at' }) verifiedAt: Date;
}

class Card {
  @IsString()
  @Matches(/^[0-9A-Fa-f]{8,40}$/)
  certificateSerial: string;
}

class Consent {
  @IsOptional() @IsBoolean() limitApplicationCertificate?: boolean;
  @IsOptional() @IsBoolean() specificDiseases?: boolean;
}

class CheckRequest {
  @ValidateNested()
  @Type(() => Card)
  card: Card;

  @IsOptional()
  @ValidateNested()
  @Type(() => Consent)
  consent?: Consent;
}

const dataSource = new DataSource({ type: 'postgres', url: DATABASE_URL, entities: [Credential], extra: { max: 10 } });

@Injectable()
class JwtGuard implements CanActivate {
  private readonly strategy = new Strategy(
    {
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKey: createPublicKey({ key: JSON.parse(readFileSync(PUBLIC_KEY_FILE, 'utf8')), format: 'jwk' }).export({
        type: 'spki',
        format: 'pem',
      }),
      algorithms: ['ES256'],
      issuer: ISSUER,
      audience: AUDIENCE,
    },
    (payload: object, done: (error: unknown, user: object) => void) => done(null, payload),
  );

  canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<{ user?: unknown }>();
    return new Promise((resolve, reject) => {
      const run = Object.assign(Object.create(this.strategy) as Strategy, {
        success: (user: unknown) => {
          request.user = user;
          resolve(true);
        },
        fail: () => reject(new UnauthorizedException()),
        error: reject,
      });
      run.authenticate(request as never);
    });
  }
}

@Injectable()
class ChecksService {
  private readonly credentials: Repository<Credential> = dataSource.getRepository(Credential);
  private readonly answer = JSON.parse(readFileSync(ANSWER_FILE, 'utf8')) as Record<string, unknown>;

  async check({ card }: CheckRequest): Promise<object> {
    const credential = await this.credentials.findOneBy({ serial: card.certificateSerial });
    if (credential === null) throw new NotFoundException();
    return { ...this.answer, credential: { state: credential.status, notAfter: credential.notAfter } };
  }
}

@Controller('v1/eligibility-checks')
class ChecksController {
  constructor(private readonly checks: ChecksService) {}

  @Post()
  @HttpCode(200)
  @UseGuards(JwtGuard)
  create(@Body() body: CheckRequest): Promise<object> {
    return this.checks.check(body);
  }
}

@Module({ controllers: [ChecksController], providers: [ChecksService, JwtGuard] })
class ChecksModule {}

await dataSource.initialize();
const app = await NestFactory.create<NestFastifyApplication>(ChecksModule, new FastifyAdapter(), { logger: ['error'] });
app.useGlobalPipes(new ValidationPipe({ whitelist: true, transform: true }));
await app.listen(Number(PORT), '127.0.0.1');
process.send?.({ ready: true });
process.once('disconnect', () => process.exit(0));
