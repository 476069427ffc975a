import type { ProblemError } from '@app/contracts';
import type { OpenAPIObject } from '@nestjs/swagger';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';

import { ProblemException } from '../problems/problem.exception.js';
import { accepts, essence } from './media-types.js';

const ERRORS_MAX = 20;

type Schema = Record<string, unknown>;
interface Operation {
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema?: Schema;
  }[];
  readonly responses?: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
  readonly security?: readonly unknown[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> };
}

/** What JSON Schema calls the fault, as our code and what is expected, never what was sent. */
const expected = (error: ErrorObject): { code: string; detail: string } => {
  const { keyword, params } = error as { keyword: string; params: Record<string, unknown> };
  switch (keyword) {
    case 'required':
      return { code: 'required', detail: 'is missing' };
    case 'additionalProperties':
      return { code: 'unknown-field', detail: 'is not a field of this request' };
    case 'type':
      return { code: 'type', detail: `must be of type ${String(params['type'])}` };
    case 'pattern':
    case 'format':
      return { code: 'format', detail: 'does not have the documented form' };
    case 'enum':
    case 'const':
      return {
        code: 'enum',
        detail: `must be one of ${(params['allowedValues'] as unknown[] | undefined)?.join(', ') ?? 'the documented values'}`,
      };
    case 'minLength':
      return { code: 'min-length', detail: `must have at least ${String(params['limit'])} characters` };
    case 'maxLength':
      return { code: 'max-length', detail: `must have at most ${String(params['limit'])} characters` };
    default:
      return {
        code: keyword.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
        detail: error.message ?? 'is not acceptable',
      };
  }
};

const escapePointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

const pointerOf = (error: ErrorObject, part: string): string => {
  const { params } = error as { params: Record<string, unknown> };
  const child = params['missingProperty'] ?? params['additionalProperty'];
  // The name of an unknown field is the caller's text: shown only as far as it is a plausible name.
  const named =
    typeof child === 'string' && /^[\w.-]{1,64}$/.test(child)
      ? `/${escapePointer(child)}`
      : child === undefined
        ? ''
        : '/?';
  const path = `${error.instancePath}${named}`;
  return part === 'body' ? path : `#${part === 'querystring' ? 'query' : part}${path}`;
};

/** What the document says of an operation's media types, on its route. */
interface MediaTypes {
  readonly consumes: readonly string[];
  readonly produces: readonly string[];
}

/** A form is read where a form is documented, and JSON where JSON is; what nobody would take is not made. */
export const refuseMediaTypes = (request: FastifyRequest): void => {
  const { consumes, produces } = request.routeOptions.config as unknown as Partial<MediaTypes>;
  const contentType = request.headers['content-type'];
  if (consumes !== undefined && contentType !== undefined && !consumes.includes(essence(contentType)))
    throw new ProblemException('unsupported-media-type');
  if (produces !== undefined && !accepts(request.headers.accept, produces))
    throw new ProblemException('not-acceptable');
};

const mediaTypesOf = ({ requestBody, responses = {}, security }: Operation): Partial<MediaTypes> => {
  const consumes = Object.keys(requestBody?.content ?? {});
  const produces = Object.entries(responses).flatMap(([status, { content = {} }]) =>
    status.startsWith('2') ? Object.keys(content) : [],
  );
  return {
    ...(consumes.length === 0 ? {} : { consumes }),
    // What is open to all (health) is asked by programs that send any Accept.
    ...(security?.length === 0 ? {} : { produces }),
  };
};

interface Failed {
  readonly validation?: readonly ErrorObject[];
  readonly validationContext?: string;
}

/** Turns what Fastify's validator left on the request into a problem; the guard has run by then. */
export const refuseInvalid = (request: FastifyRequest): void => {
  const failed = request.validationError as (Error & Failed) | undefined;
  if (failed === undefined || failed === null) return;
  const part = failed.validationContext ?? 'body';
  const errors: ProblemError[] = (failed.validation ?? [])
    .slice(0, ERRORS_MAX)
    .map((error) => ({ pointer: pointerOf(error, part), ...expected(error) }));
  throw new ProblemException('invalid-request', { errors });
};

/** Decorators say which fields there are; on the way in, nothing else is accepted. */
const closed = (schemas: Readonly<Record<string, Schema>>): Record<string, Schema> =>
  Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [
      name,
      schema['type'] === 'object' ? { ...schema, additionalProperties: false } : schema,
    ]),
  );

/**
 * One source for the wire: DTO classes → OpenAPI → Fastify's validator. The schemas of the document are compiled once, when a
 * route is registered, so the document cannot promise what the server does not check. `attachValidation` lets the guard speak
 * first: who may not ask does not learn what a request looks like.
 */
export const validateByOpenApi = (fastify: FastifyInstance, document: OpenAPIObject): void => {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: false,
    coerceTypes: false,
    useDefaults: false,
    removeAdditional: false,
    validateFormats: false,
  });
  ajv.addSchema({
    $id: 'openapi',
    components: { schemas: closed((document.components?.schemas ?? {}) as Record<string, Schema>) },
  });
  const resolve = (schema: Schema | undefined): Schema | undefined =>
    typeof schema?.['$ref'] === 'string' ? { $ref: `openapi${schema['$ref']}` } : schema;

  fastify.setValidatorCompiler(({ schema }) => {
    const validate = ajv.compile(schema as Schema);
    return (value: unknown) =>
      validate(value)
        ? { value }
        : { error: Object.assign(new Error('invalid'), { validation: validate.errors ?? [] }) as never };
  });
  // Replies are written by us, whole; a serialiser made from a schema would drop what the schema forgot.
  fastify.setSerializerCompiler(() => (value: unknown) => JSON.stringify(value));

  fastify.addHook('onRoute', (route: RouteOptions) => {
    const method = String(Array.isArray(route.method) ? route.method[0] : route.method).toLowerCase();
    const path = route.url.replaceAll(/:(\w+)/g, '{$1}');
    const operation = (document.paths[path] as Record<string, Operation> | undefined)?.[method];
    if (operation === undefined) return;
    const body = resolve(operation.requestBody?.content?.['application/json']?.schema);
    const query = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query');
    route.attachValidation = true;
    route.config = { ...route.config, ...mediaTypesOf(operation) };
    route.schema = {
      ...(body === undefined ? {} : { body }),
      querystring: {
        type: 'object',
        additionalProperties: false,
        properties: Object.fromEntries(query.map(({ name, schema }) => [name, resolve(schema) ?? {}])),
        required: query.filter(({ required }) => required === true).map(({ name }) => name),
      },
    };
  });
};
