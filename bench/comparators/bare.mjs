import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

/** node:http and nothing else: reads the body, looks at nothing, answers the same bytes every time. */
const answer = readFileSync(process.env.ANSWER_FILE ?? '');
const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': answer.length };

const server = createServer((request, response) => {
  request.on('data', () => {});
  request.on('end', () => {
    response.writeHead(200, headers);
    response.end(answer);
  });
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => process.send?.({ ready: true }));
process.once('disconnect', () => process.exit(0));
