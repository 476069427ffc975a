// Loaded before an office (node --import): told where to, it kills itself there, without a word to anybody.
import { Client } from 'pg';

/** What has to be done in this order, by its words, and whether it ends before or after the last of them. */
let point;
process.on('message', (message) => {
  if (message?.killAt === undefined) return;
  point = { ...message.killAt, at: 0 };
  process.send({ armed: true });
});

const isReached = (text, when) => {
  if (point === undefined || !text.includes(point.after[point.at])) return false;
  const isLast = point.at === point.after.length - 1;
  if (isLast) return point.when === when;
  if (when === 'after') point.at += 1;
  return false;
};

const dieIf = (reached) => {
  if (reached) process.kill(process.pid, 'SIGKILL');
};

const query = Reflect.get(Client.prototype, 'query');
Client.prototype.query = function (config, values, callback) {
  const text = (typeof config === 'string' ? config : config.text) ?? '';
  dieIf(isReached(text, 'before'));
  const done = typeof values === 'function' ? values : callback;
  if (typeof done === 'function') {
    const told = (error, result) => {
      dieIf(error === null || error === undefined ? isReached(text, 'after') : false);
      done(error, result);
    };
    return query.call(this, config, ...(typeof values === 'function' ? [told] : [values, told]));
  }
  const result = query.call(this, config, values);
  return typeof result?.then === 'function'
    ? result.then((came) => {
        dieIf(isReached(text, 'after'));
        return came;
      })
    : result;
};

const { fetch } = globalThis;
globalThis.fetch = async (...args) => {
  // The registry's client asks by URL.
  const text = `fetch ${args[0].href}`;
  dieIf(isReached(text, 'before'));
  const response = await fetch(...args);
  dieIf(isReached(text, 'after'));
  return response;
};
