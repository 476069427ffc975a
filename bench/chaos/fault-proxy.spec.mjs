import net from 'node:net';
import { once } from 'node:events';

import { afterEach, describe, expect, it } from 'vitest';

import { FaultProxy } from './fault-proxy.mjs';

/** @type {(() => unknown)[]} */
const toClose = [];
afterEach(async () => {
  for (const close of toClose.splice(0).toReversed()) await close();
});

/** A server that says back what it hears, and a proxy to it. */
async function house() {
  /** @type {Set<net.Socket>} */
  const sockets = new Set();
  let heard = '';
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1');
      socket.write(chunk);
    });
    socket.on('end', () => socket.end('bye'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {net.AddressInfo} */ (server.address());
  const proxy = await FaultProxy.to({ host: '127.0.0.1', port });
  toClose.push(() => proxy.close());
  toClose.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { proxy, heard: () => heard };
}

/** @param {number} port */
async function caller(port) {
  const socket = net.connect({ host: '127.0.0.1', port, allowHalfOpen: true });
  toClose.push(() => socket.destroy());
  let said = '';
  /** @type {PromiseWithResolvers<string>} */
  const ended = Promise.withResolvers();
  socket.on('data', (chunk) => {
    said += chunk.toString('latin1');
    socket.emit('said');
  });
  socket.on('error', (error) => ended.resolve('code' in error ? String(error.code) : error.message));
  socket.on('end', () => ended.resolve('closed'));
  await once(socket, 'connect');
  return {
    socket,
    said: () => said,
    until: async (/** @type {string} */ text) => {
      while (!said.includes(text)) await once(socket, 'said');
    },
    ended: ended.promise,
  };
}

/** @param {net.Socket} socket @returns {Promise<'silence' | 'said'>} */
const silenceOf = (socket, ms = 150) =>
  Promise.race([
    once(socket, 'said').then(() => /** @type {const} */ ('said')),
    new Promise((done) => setTimeout(() => done(/** @type {const} */ ('silence')), ms)),
  ]);

describe('the fault proxy', () => {
  it('passes on what is said, in both directions, and the end of it', async () => {
    const { proxy } = await house();
    const one = await caller(proxy.port);
    one.socket.write('hello');
    await one.until('hello');
    one.socket.end();
    await one.until('bye');
    expect(await one.ended).toBe('closed');
  });

  it('hangs also on a connection that exists, and what was sent meanwhile arrives when it is over', async () => {
    const { proxy, heard } = await house();
    const one = await caller(proxy.port);
    one.socket.write('before ');
    await one.until('before ');
    await proxy.set('hang');
    one.socket.write('meanwhile ');
    expect(await silenceOf(one.socket)).toBe('silence');
    expect(heard()).toBe('before ');
    await proxy.set('pass');
    await one.until('before meanwhile ');
  });

  it('accepts who comes while it hangs, and connects them when it is over', async () => {
    const { proxy, heard } = await house();
    await proxy.set('hang');
    const one = await caller(proxy.port);
    one.socket.write('hello');
    expect(await silenceOf(one.socket)).toBe('silence');
    expect(heard()).toBe('');
    await proxy.set('pass');
    await one.until('hello');
  });

  it('resets connections that exist and those that come', async () => {
    const { proxy } = await house();
    const one = await caller(proxy.port);
    one.socket.write('hello');
    await one.until('hello');
    await proxy.set('reset');
    expect(await one.ended).toBe('ECONNRESET');
    expect(proxy.open).toBe(0);
    const two = net.connect({ host: '127.0.0.1', port: proxy.port });
    // Read it, or its end is not heard of.
    two.resume();
    const [error] = await once(two, 'error');
    expect(error.code).toBe('ECONNRESET');
  });

  it('cuts: what exists is closed, nobody listens, and later it listens again at the same port', async () => {
    const { proxy } = await house();
    const { port } = proxy;
    const one = await caller(port);
    await proxy.set('cut');
    expect(await one.ended).toBe('closed');
    const [refused] = await once(net.connect({ host: '127.0.0.1', port }), 'error');
    expect(refused.code).toBe('ECONNREFUSED');
    await proxy.set('pass');
    const two = await caller(port);
    two.socket.write('again');
    await two.until('again');
  });

  it('delays each way, in order, and goes on at once when told to pass', async () => {
    const { proxy } = await house();
    const one = await caller(proxy.port);
    await proxy.set('delay', { delayMs: 100 });
    const began = performance.now();
    one.socket.write('a');
    one.socket.write('b');
    await one.until('ab');
    expect(performance.now() - began).toBeGreaterThanOrEqual(195);
    await proxy.set('pass');
    one.socket.write('c');
    await one.until('abc');
    expect(one.said()).toBe('abc');
  });

  it('closes the caller when there is nobody behind it', async () => {
    const { proxy } = await house();
    await proxy.close();
    const nobody = await FaultProxy.to({ path: '/nonexistent/socket' });
    toClose.push(() => nobody.close());
    const one = await caller(nobody.port);
    expect(await one.ended).toBe('closed');
  });
});
