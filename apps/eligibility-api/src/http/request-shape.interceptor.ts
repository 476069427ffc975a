import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';

import { refuseInvalid } from './request-validation.js';

/** Runs after the guard and before the handler: a request of the wrong shape goes no further. */
@Injectable()
export class RequestShape implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    refuseInvalid(context.switchToHttp().getRequest<FastifyRequest>());
    return next.handle();
  }
}
