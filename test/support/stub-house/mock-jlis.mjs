// Stands in for the built mock registry; see eligibility-api.mjs.
import { createServer } from 'node:http';

process.once('disconnect', () => process.exit());
createServer((_request, response) => response.end()).listen(Number(process.env.MOCK_JLIS_PORT), '127.0.0.1', () =>
  process.send({ ready: true }),
);
