// For containers, whose images hold no curl: node scripts/healthcheck.mjs <port>. Ends with 0 when the service is ready.
const [, , port = '3000'] = process.argv;
try {
  const response = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(2_000) });
  process.exitCode = response.ok ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
