import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';

import { refuseInvalid, refuseMediaTypes } from './request-validation.js';

/** Runs after the guard and before the handler: a request of the wrong shape goes no further. */
@Injectable()
export class RequestShape implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    refuseMediaTypes(request);
    refuseInvalid(request);
    return next.handle();
  }
}
