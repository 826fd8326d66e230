import {
  createAwsActivities,
  createLeaseInterceptor,
  type AwsActivities,
  type LeaseHeartbeat,
} from '@gennaker/activities';
import { createAws, type Aws } from '@gennaker/aws';
import type {
  AwsWaitActivities,
  AwsWriteActivities,
  OperationContext,
} from '@gennaker/contract/wire';
import { operationKey, type EventRecord, type ServerGroupRef } from '@gennaker/domain';
import { createLogger } from '@gennaker/platform';
import { seed, type Seeded } from '@gennaker/seed';
import { startSimulator, type Adversity, type LedgerEntry } from '@gennaker/simulator';
import { ApplicationFailure, type Info } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { Writable } from 'node:stream';
import { SimulatorControl } from '../e2e/simulator-control.js';
import { MemoryHistory } from './memory-history.js';
import { MemoryNames } from './memory-names.js';

export const account = 'main';
export const region = 'eu-west-1';
/** How often the shared reader looks, in real seconds; a health check of the seed takes 5 simulated ones. */
const pollSeconds = 0.1;
const timeScale = 60;
/** The stand-in's reads are never as old as this. */
const staleSecondsMax = 2;

export interface AwsWorldOptions {
  readonly adversarial?: boolean | Partial<Adversity>;
  /** Stands in for the rate budget's share, so that a quick reader is not held back. */
  readonly pollSeconds?: number;
}

type Activities = AwsWriteActivities & AwsWaitActivities;
export type ActivityName = keyof Activities;
export type ActivityInput<Name extends ActivityName> = Parameters<Activities[Name]>[0];
export type ActivityOutput<Name extends ActivityName> = Awaited<ReturnType<Activities[Name]>>;
type Functions = {
  readonly [Name in ActivityName]: (input: ActivityInput<Name>) => Promise<ActivityOutput<Name>>;
};

/** A stand-in with the seed's fleet, and the AWS activities over real SDK clients. */
export interface AwsWorld {
  readonly seeded: Seeded;
  readonly control: SimulatorControl;
  readonly aws: Aws;
  readonly activities: AwsActivities;
  /** Runs one activity once, as a worker would under a lease that is held; `attempt` is Temporal's. */
  run<Name extends ActivityName>(
    name: Name,
    input: ActivityInput<Name>,
    attempt?: number,
  ): Promise<ActivityOutput<Name>>;
  /** As Temporal runs it: tries again while the failure allows it, at most five times. */
  runWithRetries<Name extends ActivityName>(
    name: Name,
    input: ActivityInput<Name>,
  ): Promise<ActivityOutput<Name>>;
  readonly names: MemoryNames;
  readonly history: MemoryHistory;
  /** Progress events, in the order of their writing. */
  readonly events: readonly EventRecord[];
  /** AWS calls since the seed was done. */
  calls(): Promise<readonly LedgerEntry[]>;
  /** Moves the stand-in's time on. */
  advance(seconds: number): Promise<void>;
  /** Lets so much of it pass that no read shows what was before. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/** Whether an action of AWS changes nothing. */
export function isReadAction(action: string): boolean {
  return /^(Describe|Get|List)/.test(action);
}

/** Each world is its own stand-in: nothing of one test is seen by another. */
export async function openAwsWorld(options: AwsWorldOptions = {}): Promise<AwsWorld> {
  const simulator = await startSimulator({
    clock: { kind: 'scaled', scale: timeScale },
    // Applications start at once: what is said of slow ones is said in test/e2e, where a deploy is watched.
    adversarial: options.adversarial ?? { appStartSeconds: 0 },
  });
  const accountId = '111111111111';
  const seeded = await seed({ endpoint: simulator.url, region, accountId });
  const control = new SimulatorControl(simulator.url);
  const before = (await control.ledger()).length;
  const aws = createAws({
    accounts: [{ name: account, accountId, regions: [region] }],
    endpoint: simulator.url,
    credentials: { accessKeyId: accountId, secretAccessKey: 'stand-in' },
    pollSeconds: options.pollSeconds ?? pollSeconds,
    liveWorkers: () => 0.02,
  });
  const advance = async (seconds: number): Promise<void> => {
    const body = JSON.stringify({ seconds });
    await fetch(`${simulator.url}/_simulator/clock/advance`, { method: 'POST', body });
  };
  const events: EventRecord[] = [];
  const names = new MemoryNames();
  const history = new MemoryHistory();
  const activities = createAwsActivities({
    aws,
    names,
    history,
    progress: {
      recordProgress: async ({ event }) => {
        events.push(event);
      },
    },
    clock: { now: () => new Date() },
    logger: createLogger({ name: 'test', level: 'error', destination: nowhere() }),
  });
  return {
    seeded,
    control,
    aws,
    activities,
    run: (name, input, attempt = 1) =>
      activityEnvironment({ attempt }).run(activityOf(activities, name), input),
    runWithRetries: (name, input) =>
      untilFinal((attempt) =>
        activityEnvironment({ attempt }).run(activityOf(activities, name), input),
      ),
    names,
    history,
    events,
    calls: async () => (await control.ledger()).slice(before),
    advance,
    settle: () => advance(staleSecondsMax),
    close: async () => {
      aws.close();
      await simulator.close();
    },
  };
}

/** An activity as a worker would run it, under a lease that Temporal acknowledges. */
export function activityEnvironment(
  info: Partial<Info> = {},
  heartbeat: LeaseHeartbeat = async () => ({ cancelRequested: false }),
): MockActivityEnvironment {
  return new MockActivityEnvironment(
    { heartbeatTimeoutMs: 3_000, ...info },
    { interceptors: [createLeaseInterceptor({ heartbeat })], logger: new DefaultLogger('ERROR') },
  );
}

/** One activity as a function of its own. */
export function activityOf<Name extends ActivityName>(
  { write, wait }: AwsActivities,
  name: Name,
): (input: ActivityInput<Name>) => Promise<ActivityOutput<Name>> {
  const all = { ...write, ...wait } as unknown as Functions;
  return (input) => all[name](input);
}

async function untilFinal<Output>(work: (attempt: number) => Promise<Output>): Promise<Output> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt);
    } catch (error) {
      if (!(error instanceof ApplicationFailure) || error.nonRetryable || attempt >= 5) throw error;
    }
  }
}

const executionId = '01K0000000000000000000000A';

/** Who a test's operation is for. */
export function operation(
  step: string,
  target: string,
  changes: Partial<OperationContext> = {},
): OperationContext {
  const identity = { executionId, stage: 'deploy', attempt: 1, ...changes };
  return {
    generation: 1,
    deadline: new Date(Date.now() + 60_000).toISOString(),
    priority: 'write',
    ...identity,
    operationKey: operationKey({ ...identity, step, target }),
  };
}

/** A server group of the seed's region by name. */
export function subject(serverGroup: string): ServerGroupRef {
  return { account, region, serverGroup };
}

function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
