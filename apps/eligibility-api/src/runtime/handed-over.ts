import type { ChildProcess } from 'node:child_process';

interface Connection {
  close(): void;
}

/**
 * Node's cluster hands a connection to a worker and closes its own end when the worker says that it has it. When the worker dies
 * before that, nobody ever would, and the caller would wait for ever. So it is closed here. What is looked at is how the cluster
 * module speaks with its workers, which is not documented; test/workers.e2e-spec.ts sees when that changes.
 */
export const endHandedOver = (worker: ChildProcess): void => {
  const underWay = new Map<number, Connection>();
  const send = worker.send.bind(worker) as (...args: unknown[]) => boolean;
  worker.send = (message: unknown, handle?: unknown, ...rest: unknown[]): boolean => {
    const { cmd, act, seq } = message as { cmd?: string; act?: string; seq?: number };
    if (cmd === 'NODE_CLUSTER' && act === 'newconn' && seq !== undefined) underWay.set(seq, handle as Connection);
    return send(message, handle, ...rest);
  };
  worker.on('internalMessage', ({ ack }: { ack?: number }) => {
    if (ack !== undefined) underWay.delete(ack);
  });
  worker.once('exit', () => {
    for (const connection of underWay.values()) connection.close();
    underWay.clear();
  });
};
