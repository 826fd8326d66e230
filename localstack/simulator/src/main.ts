import { readConfiguration } from './configuration.js';
import { startSimulator, type RunningSimulator } from './index.js';

/** The stand-in as a process of its own: one line of JSON when it answers, ends on SIGTERM and SIGINT. */
async function main(): Promise<void> {
  const configuration = readConfiguration(process.env);
  const { host, port, seed, timeScale, dataFile, adversarial } = configuration;
  const running = await startSimulator({
    host,
    port,
    seed,
    adversarial,
    clock: { kind: 'scaled', scale: timeScale },
    ...(dataFile === undefined ? {} : { dataFile }),
  });
  stopOnSignals(running);
  if (process.stdout.isTTY)
    process.stderr.write(
      `AWS stand-in\n  status page   ${running.url}/\n  AWS endpoint  export AWS_ENDPOINT_URL=${running.url}\n  controls      ${running.url}/_simulator/…  (localstack/README.md)\n`,
    );
  process.stdout.write(
    `${JSON.stringify({ ready: true, url: running.url, pid: process.pid, timeScale, dataFile: dataFile ?? null })}\n`,
  );
}

function stopOnSignals(running: RunningSimulator): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      void running.close().then(() => process.exit(0));
    });
  }
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'EADDRINUSE') {
    return `The stand-in cannot listen: the port is taken (${error.message}). Stop what listens there, or set STAND_IN_PORT to another port.`;
  }
  return error.message;
}

main().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
});
