import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import type { StackSettings } from '../config/stack-settings.js';
import { LOOPBACK } from '../net/ports.js';
import { requirePorts } from '../net/port-claims.js';
import type { PortClaim } from '../net/port-claims.js';
import type { Child } from '../process/child.js';
import type { Guard } from '../process/guard.js';
import { runStep } from '../setup/console.js';
import { provideTemporal } from '../temporal/provide.js';
import type { ChildLedger } from './child-ledger.js';
import {
  runPostgres,
  runSeed,
  runService,
  runStandIn,
  runTemporal,
  standInDataFile,
} from './parts.js';
import type { PartContext } from './parts.js';
import type { StackOptions } from './stack-options.js';
import type { SupervisedPart } from './supervise.js';

/** Where a person finds the parts. */
export interface StackAddresses {
  readonly api: string;
  /** Undefined: the caller's own Temporal has its own page. */
  readonly temporalUi: string | undefined;
  /** Undefined: AWS is what the caller has configured. */
  readonly standIn: string | undefined;
  readonly dataDir: string;
}

interface StartedParts {
  readonly addresses: StackAddresses;
  readonly parts: readonly SupervisedPart[];
}

/** Starts the parts in order, each as a step that says what it does. Throws a SetupFailure. */
export async function startParts(
  options: StackOptions,
  ledger: ChildLedger,
  guard: Guard,
): Promise<StartedParts> {
  const { settings, programs, console } = options;
  const context = { settings, programs, registry: ledger, durable: !options.temporary };
  await requirePorts(portClaims(settings));
  const postgres = await stepPostgres(context, options, guard);
  const temporal = await stepTemporal(context, options, guard);
  const standIn = await stepStandIn(context, options);
  const { ports } = settings;
  const addresses = {
    databaseUrl: postgres.url,
    temporalAddress: temporal.address,
    standInUrl: standIn?.url,
  };
  const services = await runStep(console, 'Starting the API and the worker', async (progress) => {
    const names = ['api', 'worker'] as const;
    const started = await Promise.all(
      names.map(async (name) => {
        const restart = (): Promise<Child> => runService(context, { name, addresses });
        const child = await runService(context, { name, addresses, progress });
        return { child, restart };
      }),
    );
    progress.say(`API on port ${ports.api}, worker's health on port ${ports.worker}`);
    return started;
  });
  return {
    addresses: {
      api: `http://${LOOPBACK}:${ports.api}`,
      temporalUi: temporal.uiUrl,
      standIn: standIn?.url,
      dataDir: settings.dataDir,
    },
    parts: [...postgres.parts, ...temporal.parts, ...(standIn?.parts ?? []), ...services],
  };
}

/** Every port that this start is going to use. */
function portClaims(settings: StackSettings): readonly PortClaim[] {
  const { ports } = settings;
  return [
    { port: ports.api, setting: 'GENNAKER_API_PORT', purpose: 'the API' },
    { port: ports.worker, setting: 'GENNAKER_WORKER_PORT', purpose: "the worker's health" },
    ...claimsIf(settings.temporalAddress === undefined, [
      { port: ports.temporal, setting: 'GENNAKER_TEMPORAL_PORT', purpose: 'Temporal' },
      {
        port: ports.temporalUi,
        setting: 'GENNAKER_TEMPORAL_UI_PORT',
        purpose: "Temporal's own page",
      },
    ]),
    ...claimsIf(settings.databaseUrl === undefined, [
      { port: ports.postgres, setting: 'GENNAKER_POSTGRES_PORT', purpose: 'PostgreSQL' },
    ]),
    ...claimsIf(settings.aws === 'standIn', [
      { port: ports.standIn, setting: 'GENNAKER_STAND_IN_PORT', purpose: 'the AWS stand-in' },
    ]),
  ];
}

function claimsIf(wanted: boolean, claims: readonly PortClaim[]): readonly PortClaim[] {
  return wanted ? claims : [];
}

async function stepPostgres(
  context: PartContext,
  { settings, console, temporary }: StackOptions,
  guard: Guard,
): Promise<{ readonly url: string; readonly parts: readonly SupervisedPart[] }> {
  if (settings.databaseUrl !== undefined) {
    console.line('> PostgreSQL: the one of DATABASE_URL; none is started');
    return { url: settings.databaseUrl, parts: [] };
  }
  return runStep(console, 'Starting PostgreSQL', async (progress) => {
    const server = await runPostgres(context);
    if (temporary) {
      guard.removeAfterwards(server.dataFolder);
    }
    const made = server.made ? 'new database' : 'existing database';
    progress.say(`${made} in ${server.dataFolder}, port ${settings.ports.postgres}`);
    const restart = async (): Promise<Child> => (await runPostgres(context)).child;
    return { url: server.url, parts: [{ child: server.child, restart }] };
  });
}

async function stepTemporal(
  context: PartContext,
  { settings, console, stopping }: StackOptions,
  guard: Guard,
): Promise<{
  readonly address: string;
  readonly uiUrl: string | undefined;
  readonly parts: readonly SupervisedPart[];
}> {
  if (settings.temporalAddress !== undefined) {
    console.line('> Temporal: the server of TEMPORAL_ADDRESS; none is started');
    return { address: settings.temporalAddress, uiUrl: undefined, parts: [] };
  }
  const binary = await runStep(console, 'Getting the Temporal server', (progress) =>
    provideTemporal({ env: settings.env, guard, signal: stopping }, progress),
  );
  return runStep(console, 'Starting Temporal', async (progress) => {
    const server = await runTemporal(context, binary);
    progress.say(`port ${settings.ports.temporal}, its own page on ${settings.ports.temporalUi}`);
    const restart = async (): Promise<Child> => (await runTemporal(context, binary)).child;
    return {
      address: server.address,
      uiUrl: server.uiUrl,
      parts: [{ child: server.child, restart }],
    };
  });
}

async function stepStandIn(
  context: PartContext,
  { settings, console }: StackOptions,
): Promise<{ readonly url: string; readonly parts: readonly SupervisedPart[] } | undefined> {
  if (settings.aws === 'configured') {
    console.line('> AWS: what is configured; no stand-in is started and nothing is seeded');
    return undefined;
  }
  const url = `http://${LOOPBACK}:${settings.ports.standIn}`;
  const knownWorld = existsSync(standInDataFile(settings));
  const child = await runStep(console, 'Starting the AWS stand-in', async (progress) => {
    const started = await runStandIn(context);
    progress.say(
      `port ${settings.ports.standIn}, its time runs ${settings.standInScale} times ours`,
    );
    return started;
  });
  await seedOnce(context, { url, knownWorld, console });
  return { url, parts: [{ child, restart: () => runStandIn(context) }] };
}

/** The mark is written after the seed has succeeded; a world that was removed is seeded again. */
async function seedOnce(
  context: PartContext,
  {
    url,
    knownWorld,
    console,
  }: Pick<StackOptions, 'console'> & {
    readonly url: string;
    readonly knownWorld: boolean;
  },
): Promise<void> {
  const mark = path.join(context.settings.dataDir, 'seeded');
  if (knownWorld && existsSync(mark)) {
    return;
  }
  rmSync(mark, { force: true });
  await runStep(
    console,
    'Seeding one account with a network, a load balancer and web-prod-v000',
    () => runSeed(context, url),
  );
  writeFileSync(mark, '');
}
