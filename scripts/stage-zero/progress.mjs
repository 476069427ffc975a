const frames = ['|', '/', '-', '\\'];
const lineEveryMs = 5_000;
const frameEveryMs = 120;
/** @type {NodeJS.WriteStream} */
let out = process.stdout;

/** For a command whose standard output is its result. */
export function progressOnStderr() {
  out = process.stderr;
}

/**
 * Shows that something is going on: on a terminal one line that moves, elsewhere (a log, CI) a line every few seconds.
 * Short work stays silent.
 *
 * @template T
 * @param {string} label
 * @param {(note: (text: string) => void) => Promise<T>} work may note how far it is
 * @returns {Promise<T>}
 */
export async function withProgress(label, work) {
  const began = Date.now();
  const onTerminal = out.isTTY;
  let note = '';
  let drawn = 0;
  const elapsed = () => `${Math.round((Date.now() - began) / 1000)} s`;
  const text = () => `${label}${note === '' ? '' : `, ${note}`}`;
  const draw = () => {
    drawn += 1;
    if (onTerminal) out.write(`\r\x1b[K${frames[drawn % frames.length]} ${text()} (${elapsed()})`);
    else out.write(`${text()} (${elapsed()})\n`);
  };
  const timer = setInterval(draw, onTerminal ? frameEveryMs : lineEveryMs);
  try {
    const result = await work((latest) => {
      note = latest;
    });
    clearInterval(timer);
    if (onTerminal && drawn > 0) out.write('\r\x1b[K');
    if (Date.now() - began > 1_000) out.write(`${text()}: done in ${elapsed()}\n`);
    return result;
  } finally {
    clearInterval(timer);
    if (onTerminal && drawn > 0) out.write('\r\x1b[K');
  }
}
