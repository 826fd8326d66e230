import type { AddressInfo } from 'node:net';
import type { ClockSetting } from './kernel/clock.js';
import { makeHttpServer } from './server/http-server.js';
import { Simulation } from './server/simulation.js';
import { ADVERSE, KIND, type Adversity } from './world/reading.js';

// The engine without its wire: for tests of the state machines, and for who builds upon them.
export { nextOccurrence, parseCron } from './autoscaling/schedules/cron.js';
export { launchInstance, terminateInstance } from './ec2/instance-lifecycle.js';
export { deregisterTarget, registerTarget, targetKey } from './elb/target-health.js';
export { judge } from './cloudwatch/alarm-verdict.js';
export { recordMetric } from './cloudwatch/metric-store.js';
export { merged, statisticOf, summaryOf } from './cloudwatch/summaries.js';
export { binomialOf, poissonOf } from './kernel/chance.js';
export { EventQueue } from './kernel/event-queue.js';
export { Store } from './kernel/store.js';
export { Table } from './kernel/table.js';
export { OPERATIONS } from './server/operations.js';
export { AwsError } from './wire/aws-error.js';
export { parseForm, readInput } from './wire/query-reader.js';
export { findOperation } from './wire/sdk-model.js';
export { writeReply } from './wire/xml-writer.js';
export { actionsOfAlarm, alarmState } from './world/alarm.js';
export type { AlarmState } from './cloudwatch/records.js';
export { behaviour } from './world/behaviour.js';
export { Reading } from './world/reading.js';
export type { Scope } from './world/scope.js';
export { pinnedShares, withPin, type Pin } from './world/traffic-pins.js';
export { World } from './world/world.js';
export type { ClockSetting } from './kernel/clock.js';
export type { FaultEffect, FaultMatch, FaultPoint, FaultRule } from './server/faults.js';
export type { Hold } from './server/holds.js';
export type { LedgerEntry } from './server/ledger.js';
export type { Adversity } from './world/reading.js';

export interface SimulatorOptions {
  /** 0 (the default): any free port. */
  readonly port?: number;
  readonly host?: string;
  /** Equal seeds and calls give equal ids, orders and stale reads. */
  readonly seed?: string;
  readonly clock: ClockSetting;
  /** Where the world is kept. Without it the world ends with the process. */
  readonly dataFile?: string;
  /** True (the default): stale reads, small pages, shuffled lists. Single settings may be given. */
  readonly adversarial?: boolean | Partial<Adversity>;
}

export interface RunningSimulator {
  readonly url: string;
  readonly port: number;
  /** Puts the world on disk and cuts all connections. A second call does nothing. */
  close(): Promise<void>;
}

/**
 * Starts the AWS stand-in and resolves once it answers. Rejects when the port is taken (`EADDRINUSE`) or the data
 * file is damaged.
 */
export async function startSimulator(options: SimulatorOptions): Promise<RunningSimulator> {
  const simulation = new Simulation({
    clock: options.clock,
    seed: options.seed ?? 'gennaker',
    dataFile: options.dataFile,
    adversity: adversityOf(options.adversarial ?? true),
  });
  const server = makeHttpServer(simulation);
  const host = options.host ?? '127.0.0.1';
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port ?? 0, host, resolve);
    });
  } catch (error) {
    simulation.close();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    simulation.close();
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  };
  return { url: `http://${host}:${port}`, port, close: () => (closing ??= close()) };
}

function adversityOf(setting: boolean | Partial<Adversity>): Adversity {
  if (typeof setting === 'boolean') return setting ? ADVERSE : KIND;
  return { ...ADVERSE, ...setting };
}
