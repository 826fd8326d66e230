import path from 'node:path';

import { seed, type Seeded } from '@gennaker/seed';
import { startSimulator, type RunningSimulator, type SimulatorOptions } from '@gennaker/simulator';
import { findFreePort, guardedRegistry, startGuard, type Guard } from '@gennaker/stack';

import { repositoryRoot } from '../repository-root.js';
import { startServices, type Services } from '../services/start-services.js';
import { ApiClient } from './api-client.js';
import { EventWatcher } from './event-watcher.js';
import { ManagedProcess } from './managed-process.js';
import { SimulatorControl } from './simulator-control.js';

const accountId = '000000000000';
const region = 'eu-west-1';

/** How many seconds of AWS pass in one of ours. */
const timeScale = 30;

/** What a run may have otherwise than usual. */
export interface GennakerOptions {
  readonly simulator?: Partial<SimulatorOptions>;
  /** Instances of the seeded server group (3). */
  readonly instances?: number;
  /** How often the worker looks at AWS (1). */
  readonly pollSeconds?: number;
}

/** The whole product as real processes over real services, with the AWS simulator; everything may be killed. */
export class Gennaker {
  readonly api: ApiClient;
  readonly aws: SimulatorControl;
  readonly seeded: Seeded;
  readonly services: Services;
  readonly apiProcess: ManagedProcess;
  readonly worker: ManagedProcess;
  readonly #simulator: RunningSimulator;
  readonly #guard: Guard;
  readonly #anotherWorker: () => Promise<ManagedProcess>;

  private constructor(parts: {
    api: ApiClient;
    seeded: Seeded;
    services: Services;
    processes: { readonly api: ManagedProcess; readonly worker: ManagedProcess };
    simulator: RunningSimulator;
    guard: Guard;
    anotherWorker: () => Promise<ManagedProcess>;
  }) {
    this.#anotherWorker = parts.anotherWorker;
    this.api = parts.api;
    this.aws = new SimulatorControl(parts.simulator.url);
    this.seeded = parts.seeded;
    this.services = parts.services;
    this.apiProcess = parts.processes.api;
    this.worker = parts.processes.worker;
    this.#simulator = parts.simulator;
    this.#guard = parts.guard;
  }

  static async start(options: GennakerOptions = {}): Promise<Gennaker> {
    const [services, simulator] = await Promise.all([
      startServices(),
      startSimulator({ clock: { kind: 'scaled', scale: timeScale }, ...options.simulator }),
    ]);
    const { instances = 3 } = options;
    const seeded = await seed({ region, accountId, endpoint: simulator.url, instances });
    const guard = startGuard();
    const ports = { api: await findFreePort(), worker: await findFreePort() };
    const env = {
      ...environment(services, simulator.url, ports),
      GENNAKER_AWS_POLL_SECONDS: String(options.pollSeconds ?? 1),
    };
    const registry = guardedRegistry(guard);
    const processOf = (name: 'api' | 'worker', port: number) =>
      new ManagedProcess(
        {
          name,
          env: { ...env, GENNAKER_WORKER_PORT: String(name === 'worker' ? port : ports.worker) },
          main: path.join(repositoryRoot, `apps/${name}/dist/main.js`),
          logFile: path.join(services.folder, 'logs', `${name}-${port}.log`),
          readyUrl: `http://127.0.0.1:${port}/health/ready`,
        },
        registry,
      );
    const processes = {
      api: processOf('api', ports.api),
      worker: processOf('worker', ports.worker),
    };
    const anotherWorker = async () => processOf('worker', await findFreePort());
    await Promise.all([processes.api.start(), processes.worker.start()]);
    const api = new ApiClient(`http://127.0.0.1:${ports.api}`);
    return new Gennaker({ api, seeded, services, processes, simulator, guard, anotherWorker });
  }

  /** A second worker beside the first. The caller stops it. */
  async spareWorker(): Promise<ManagedProcess> {
    const spare = await this.#anotherWorker();
    await spare.start();
    return spare;
  }

  /** Names of the server groups whose deletion AWS has accepted. */
  async deletedServerGroups(): Promise<readonly string[]> {
    const calls = await this.aws.ledger();
    return calls
      .filter((call) => call.action === 'DeleteAutoScalingGroup' && call.executed)
      .flatMap((call) => call.resources);
  }

  /** Watches an execution as a person's browser would. */
  watch(executionId: string): EventWatcher {
    return new EventWatcher(this.api.url, executionId);
  }

  async close(): Promise<void> {
    await Promise.all([this.apiProcess.stop(), this.worker.stop()]);
    await this.#simulator.close();
    await this.services.close();
    await this.#guard.close();
  }
}

function environment(
  services: Services,
  standInUrl: string,
  ports: { readonly api: number; readonly worker: number },
): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    DATABASE_URL: services.postgresUrl,
    TEMPORAL_ADDRESS: services.temporalAddress,
    TEMPORAL_NAMESPACE: 'default',
    GENNAKER_API_HOST: '127.0.0.1',
    GENNAKER_API_PORT: String(ports.api),
    GENNAKER_WORKER_PORT: String(ports.worker),
    GENNAKER_ACCOUNTS: JSON.stringify([{ name: 'demo', accountId, regions: [region] }]),
    AWS_ENDPOINT_URL: standInUrl,
    AWS_ACCESS_KEY_ID: accountId,
    AWS_SECRET_ACCESS_KEY: 'stand-in',
    AWS_REGION: region,
    // Both start some thirty times in a run of all tests: what they are compiled to need not be found anew each time.
    NODE_COMPILE_CACHE: path.join(repositoryRoot, 'node_modules/.cache/node-compile'),
  };
}
