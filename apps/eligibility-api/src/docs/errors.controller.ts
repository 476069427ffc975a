import { problems, type ProblemDefinition } from '@app/contracts';
import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeEndpoint } from '@nestjs/swagger';

import { Open } from '../access/access.guard.js';

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

const section = ([code, problem]: [string, ProblemDefinition]): string => `
<section id="${code}"><h2><code>${code}</code> · ${problem.status}</h2>
<p><strong>${escape(problem.title)}.</strong> ${escape(problem.vendor)}</p>
<p>${problem.retryable ? 'The same request may succeed later.' : 'The same request will not succeed later.'} Owner: ${problem.owner}.</p>
${problem.clerk === undefined ? '' : `<blockquote><p lang="ja">${escape(problem.clerk.ja)}</p><p>${escape(problem.clerk.en)}</p></blockquote>`}</section>`;

/** The page that `type` of every problem leads to. */
const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shikaku: problems</title>
<style>body{font:16px/1.6 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}section:target{background:#fff6d6}blockquote{border-left:3px solid #ccc;margin:0;padding-left:1rem}</style>
</head><body><h1>Problems</h1><p>Every error is RFC 9457 <code>application/problem+json</code>. A code never changes its meaning.</p>
${Object.entries(problems).map(section).join('')}</body></html>`;

@Controller('docs')
export class ErrorsController {
  @Get('errors')
  @Open()
  @ApiExcludeEndpoint()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('cache-control', 'public, max-age=300')
  read(): string {
    return page;
  }
}
