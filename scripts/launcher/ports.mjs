import { createServer } from 'node:net';

import { hasCode, Problem } from './problem.mjs';

/**
 * Finds out before anything starts whether the ports are free; whoever takes one in the meantime is told by the service.
 *
 * @param {string} host
 * @param {{ setting: string, port: number }[]} wanted
 */
export async function refuseTakenPorts(host, wanted) {
  const faults = (await Promise.all(wanted.map((one) => faultOf(host, one)))).filter((fault) => fault !== null);
  if (faults.length > 0) throw new Problem(faults.join('\n'));
}

/**
 * @param {string} host
 * @param {{ setting: string, port: number }} wanted
 * @returns {Promise<string | null>}
 */
function faultOf(host, { setting, port }) {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', (error) => {
      if (hasCode(error, 'EADDRINUSE')) {
        done(`Port ${port} is taken by another program. ${setting}=<another port> moves it.`);
      } else if (hasCode(error, 'EACCES')) {
        done(`Port ${port} may only be opened by root here. ${setting}=<a port from 1024 up> moves it.`);
      } else if (hasCode(error, 'EADDRNOTAVAIL', 'ENOTFOUND')) {
        done(`HOST is not an address of this machine.`);
      } else {
        fail(error);
      }
    });
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => done(null)));
  });
}
