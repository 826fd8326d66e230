import { seed } from './index.js';

/** Seeds the account of the environment's credentials: AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID and the rest. */
async function main(): Promise<void> {
  const endpoint = process.env['AWS_ENDPOINT_URL'];
  if (endpoint === undefined && process.env['SEED_REAL_AWS'] !== 'yes') {
    throw new Error(
      'AWS_ENDPOINT_URL is not set, so this would seed real AWS. Set it, or say SEED_REAL_AWS=yes.',
    );
  }
  const seeded = await seed({
    ...(endpoint === undefined ? {} : { endpoint }),
    region: process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'] ?? 'eu-west-1',
    useEnvironmentCredentials:
      process.env['AWS_ACCESS_KEY_ID'] !== undefined || process.env['AWS_PROFILE'] !== undefined,
    instances: instancesOf(process.env['SEED_INSTANCES'] ?? '3'),
    log: (line) => process.stderr.write(`${line}\n`),
  });
  process.stdout.write(`${JSON.stringify(seeded, undefined, 2)}\n`);
}

function instancesOf(text: string): number {
  const instances = Number(text);
  if (Number.isInteger(instances) && instances >= 1 && instances <= 1_000) return instances;
  throw new Error(`SEED_INSTANCES is "${text}"; it must be a whole number from 1 to 1000.`);
}

main().catch((error: unknown) => {
  process.stderr.write(
    `The seed failed: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exit(1);
});
