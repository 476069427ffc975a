import type { ProblemError } from '@app/contracts';
import type { OpenAPIObject } from '@nestjs/swagger';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';

import { ProblemException } from '../problems/problem.exception.js';
import { accepts, essence } from './media-types.js';
import { isReadByHandler, leaveUnread } from './unread-body.js';

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
  throw new ProblemException('invalid-request', {
    errors: errorsOf(failed.validation ?? [], failed.validationContext ?? 'body'),
  });
};

const errorsOf = (errors: readonly ErrorObject[], part: string): ProblemError[] =>
  errors.slice(0, ERRORS_MAX).map((error) => ({ pointer: pointerOf(error, part), ...expected(error) }));

/** Decorators say which fields there are; on the way in, nothing else is accepted. */
const closed = (schemas: Readonly<Record<string, Schema>>): Record<string, Schema> =>
  Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [
      name,
      schema['type'] === 'object' ? { ...schema, additionalProperties: false } : schema,
    ]),
  );

/**
 * The schemas of the OpenAPI document, compiled: for the validator of every route, and for whoever looks at a value that is
 * not the body of a request by itself.
 */
export class RequestShapes {
  private ajv: Ajv2020 | undefined;
  private schemas: Readonly<Record<string, Schema>> = {};

  learn(document: OpenAPIObject): void {
    this.schemas = closed((document.components?.schemas ?? {}) as Record<string, Schema>);
    this.ajv = new Ajv2020({
      allErrors: true,
      strict: false,
      coerceTypes: false,
      useDefaults: false,
      removeAdditional: false,
      validateFormats: false,
    });
    this.ajv.addSchema({ $id: 'openapi', components: { schemas: this.schemas } });
  }

  /** A function that says what is wrong with a value; `undefined` when nothing is. */
  compile(schema: Schema): (value: unknown) => readonly ErrorObject[] | undefined {
    if (this.ajv === undefined) throw new Error('the OpenAPI document is not there yet');
    const validate = this.ajv.compile(schema);
    return (value) => (validate(value) ? undefined : (validate.errors ?? []));
  }

  /** The same for a class of the contracts, in our words. Fields in `otherwise` have that schema instead of the documented one. */
  of(name: string, otherwise: Readonly<Record<string, Schema>> = {}): (value: unknown) => ProblemError[] | undefined {
    const schema = this.schemas[name];
    if (schema === undefined) throw new Error(`the OpenAPI document has no ${name}`);
    const faults = this.compile({
      ...schema,
      properties: Object.fromEntries(
        Object.entries({ ...(schema['properties'] as Record<string, Schema>), ...otherwise }).map(
          ([field, described]) => [field, resolved(described)],
        ),
      ),
    });
    return (value) => {
      const found = faults(value);
      return found === undefined ? undefined : errorsOf(found, 'body');
    };
  }
}

/** A reference within the document, as one from outside of it. */
const resolved = (schema: Schema): Schema =>
  Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => {
      if (keyword === '$ref') return [keyword, `openapi${String(value)}`];
      if (keyword === 'allOf') return [keyword, (value as Schema[]).map(resolved)];
      if (keyword === 'items') return [keyword, resolved(value as Schema)];
      return [keyword, value];
    }),
  );

/**
 * One source for the wire: DTO classes → OpenAPI → Fastify's validator. The schemas of the document are compiled once, when a
 * route is registered, so the document cannot promise what the server does not check. `attachValidation` lets the guard speak
 * first: who may not ask does not learn what a request looks like.
 */
export const validateByOpenApi = (fastify: FastifyInstance, document: OpenAPIObject, shapes: RequestShapes): void => {
  shapes.learn(document);
  fastify.setValidatorCompiler(({ schema }) => {
    const faults = shapes.compile(schema as Schema);
    return (value: unknown) => {
      const validation = faults(value);
      return validation === undefined
        ? { value }
        : { error: Object.assign(new Error('invalid'), { validation }) as never };
    };
  });
  // Replies are written by us, whole; a serialiser made from a schema would drop what the schema forgot.
  fastify.setSerializerCompiler(() => (value: unknown) => JSON.stringify(value));

  fastify.addHook('onRoute', (route: RouteOptions) => {
    const method = String(Array.isArray(route.method) ? route.method[0] : route.method).toLowerCase();
    const path = route.url.replaceAll(/:(\w+)/g, '{$1}');
    const operation = (document.paths[path] as Record<string, Operation> | undefined)?.[method];
    const unread = isReadByHandler(route);
    if (unread) leaveUnread(route);
    if (operation === undefined) return;
    const described = operation.requestBody?.content?.['application/json']?.schema;
    const body = described === undefined || unread ? undefined : resolved(described);
    const query = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query');
    route.attachValidation = true;
    route.config = { ...route.config, ...mediaTypesOf(operation) };
    route.schema = {
      ...(body === undefined ? {} : { body }),
      querystring: {
        type: 'object',
        additionalProperties: false,
        properties: Object.fromEntries(query.map(({ name, schema }) => [name, resolved(schema ?? {})])),
        required: query.filter(({ required }) => required === true).map(({ name }) => name),
      },
    };
  });
};
