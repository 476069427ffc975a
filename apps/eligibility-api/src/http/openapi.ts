import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';

const DESCRIPTION = `Online eligibility verification for Japanese public health insurance.

Ask by certificate serial, or by insurer number, symbol and number: covered or not, by whom, copay rate, cost-limit category and what it means in yen, as of a day.

Field names are the English element names of the national system's interface in camelCase. Dates are \`YYYY-MM-DD\`, instants RFC 3339 with \`+09:00\`, money is an integer number of yen, codes are strings exactly as the national code lists (OQSCDnnn) have them. Absent means absent: an answer holds no \`""\` and no \`null\`.

**An outage is never "not covered".** What cannot be answered is 503 \`answer-unavailable\` with the documents that make the visit insured today. Errors are RFC 9457 problems; their codes never change meaning: [/docs/errors](/docs/errors).`;

const TITLES = { counter: 'Shikaku', office: 'Shikaku office' } as const;

/** The OpenAPI 3.1 document, from the decorators of controllers and DTO classes. */
export const createOpenApi = (app: INestApplication, process: keyof typeof TITLES): OpenAPIObject => {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(TITLES[process])
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/')
    .addTag('Check-in', 'Is this person covered, and by whom, at which rate, up to which limit')
    .addTag('Batches', 'The same for tomorrow’s appointments: up to 10,000 people, asked in the background')
    .addTag('National messages', 'The same questions in the XML messages of the national system')
    .addTag('At the counter', 'The rules by themselves: rates, limits, charges, documents, identifiers')
    .addTag('Documents', 'What an insurer issues to its people: notice, certificate, screen, declaration')
    .addTag('Enrolment', 'Filings, losses and registered cards, and what comes of them')
    .addTag('Insured persons', 'Who looked at whose record')
    .addTag('Access', 'Tokens')
    .addTag('Operations', 'State of the process that answers, and the switches of the mock registry')
    .addTag('Health')
    .addBearerAuth(
      {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description: 'Access token of POST /oauth/token (RFC 9068), at most 10 minutes old, verified as RFC8725 asks',
      },
      'bearer',
    )
    .addBasicAuth(
      { type: 'http', scheme: 'basic', description: 'Client id and secret, at the token endpoint only' },
      'basic',
    )
    .addSecurityRequirements('bearer')
    .build();
  return SwaggerModule.createDocument(app, config, { operationIdFactory: (_controller, method) => method });
};
