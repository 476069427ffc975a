import { ProblemException } from '../problems/problem.exception.js';
import type { Quota } from './quotas.js';

/** Header fields that tell a client how much is left; none while that is half or more. */
export const rateLimitHeaders = (quota: Quota | undefined): Readonly<Record<string, string>> => {
  const fields = quota?.fields;
  return fields === undefined ? {} : { 'ratelimit-policy': fields.policy, ratelimit: fields.limit };
};

/** This client asks more than its quota. It says nothing about anybody who was asked about. */
export class QuotaExceeded extends ProblemException {
  constructor(quota: Quota) {
    super('too-many-requests', {
      retryAfterSeconds: quota.retryAfterSeconds,
      headers: rateLimitHeaders(quota),
    });
  }
}
