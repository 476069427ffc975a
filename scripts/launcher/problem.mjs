/**
 * Something the person at the keyboard can mend: shown as its message alone, never as a stack.
 * Everything else that is thrown is a fault of ours and keeps its stack.
 */
export class Problem extends Error {
  /** @override */
  name = 'Problem';
}

/**
 * Runs a command-line entry and turns a Problem into one plain message and exit code 1.
 *
 * @param {() => Promise<number | void>} main
 */
export async function runEntry(main) {
  try {
    process.exitCode = (await main()) ?? process.exitCode ?? 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Problem ? error.message : describe(error)}\n`);
    process.exitCode = 1;
  }
}

/** @param {unknown} error */
export function describe(error) {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** @param {unknown} error */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/**
 * @param {unknown} error
 * @param {...string} codes
 */
export function hasCode(error, ...codes) {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
