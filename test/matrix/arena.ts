import { setTimeout as pass } from 'node:timers/promises';

import { DeleteAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { DeleteAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  DeleteListenerCommand,
  DeleteLoadBalancerCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { LedgerEntry } from '@gennaker/simulator';
import { Gennaker } from '../support/e2e/gennaker.js';
import {
  groupsOf,
  Hands,
  makeFleet,
  registerImage,
  requestsPerSecond,
  type Fleet,
  type FleetSize,
} from './fleet.js';

/** Seconds of AWS in one of ours: instances boot within half a second, targets are healthy within another. */
const timeScale = 30;
/** The worker looks this often, in real seconds. */
const pollSeconds = 0.5;
/** The stand-in's reads are never as old as this. */
const staleSecondsMax = 2;
/** Its minimum is below its desired size, and it may grow: scaling has something to do. */
const fleetSize: FleetSize = { min: 2, desired: 3, max: 6 };

/** Types of which a cell takes two for itself: small ones, for an account may have so many vCPUs and no more. */
const families = [
  'm7g',
  'm7i',
  'c7g',
  'c7i',
  'r7g',
  'r7i',
  'm6g',
  'm6i',
  'c6g',
  'c6i',
  'r6g',
  'r6i',
] as const;
const sizes = ['large', 'xlarge', '2xlarge'] as const;

/** The product and the stand-in that the cells of a run share, each on a fleet of its own. */
export class Arena {
  readonly gennaker: Gennaker;
  readonly hands: Hands;
  #fleets = 0;
  #worker: Promise<void> = Promise.resolve();

  private constructor(gennaker: Gennaker) {
    this.gennaker = gennaker;
    this.hands = new Hands(gennaker);
  }

  static async open(): Promise<Arena> {
    const clock = { kind: 'scaled', scale: timeScale } as const;
    // Time runs faster and our rate budget does not: small pages would use it up on listings.
    const adversarial = { pageSize: 0 };
    return new Arena(await Gennaker.start({ simulator: { clock, adversarial }, pollSeconds }));
  }

  /** Several of them at once, which have nothing in common; none stays where one does not open. */
  static async openSome(count: number): Promise<readonly Arena[]> {
    const opened = await Promise.allSettled(Array.from({ length: count }, () => Arena.open()));
    const arenas = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    for (const one of opened) {
      if (one.status === 'fulfilled') continue;
      await Arena.closeAll(arenas);
      throw one.reason;
    }
    return arenas;
  }

  static async closeAll(arenas: readonly Arena[]): Promise<void> {
    await Promise.all(arenas.map((arena) => arena.close()));
  }

  /** Requests come, and are counted anew. */
  async startTraffic({ loadBalancerName }: Pick<Fleet, 'loadBalancerName'>): Promise<void> {
    await this.gennaker.aws.startTraffic(loadBalancerName, requestsPerSecond);
  }

  async newFleet(): Promise<Fleet> {
    const number = this.#fleets;
    this.#fleets += 1;
    return await makeFleet(this.gennaker, this.hands, {
      stack: `m${number}`,
      size: fleetSize,
      instanceTypes: [typeOf(2 * number), typeOf(2 * number + 1)],
    });
  }

  /** What is left of a fleet is taken away once its cell is over: an account may have 50 load balancers. */
  async dropFleet({
    cluster,
    listenerArn,
    loadBalancerName,
    loadBalancerArn,
    alarmName,
    instanceType,
    oldInstanceType,
  }: Fleet): Promise<void> {
    for (const type of [instanceType, oldInstanceType]) {
      await this.gennaker.aws.typeCapacity(type, { available: true });
    }
    await this.hands.cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: [alarmName] }));
    await this.gennaker.aws.startTraffic(loadBalancerName, 0);
    await this.hands.elb.send(new DeleteListenerCommand({ ListenerArn: listenerArn }));
    await this.hands.elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: loadBalancerArn }));
    for (const name of await groupsOf(this.hands, cluster)) {
      const all = { AutoScalingGroupName: name, ForceDelete: true };
      await this.hands.autoScaling.send(new DeleteAutoScalingGroupCommand(all)).catch(ignoreGone);
    }
  }

  /** A new image that only the fleet's cell uses. */
  newImage(fleet: Fleet): Promise<string> {
    return registerImage(this.hands, `image-${fleet.cluster}`);
  }

  /** Kills the worker and starts it again; one at a time. Once a start has failed every later one fails with it. */
  restartWorker(): Promise<void> {
    const restarted = this.#worker.then(async () => {
      await this.gennaker.worker.kill();
      await this.gennaker.worker.start();
    });
    this.#worker = restarted;
    // It is told of by `workerFaults`, and by whoever waits for this restart.
    restarted.catch(() => undefined);
    return restarted;
  }

  /** Why no cell can end as promised any more; empty while the worker runs or is being started. */
  async workerFaults(): Promise<readonly string[]> {
    try {
      await this.#worker;
      return [];
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return [`the worker did not start again: ${why}`];
    }
  }

  /** A fault of calls that name something of the fleet; its id. */
  fault(fleet: Fleet, rule: Readonly<Record<string, unknown>>): Promise<string> {
    const { match, ...rest } = rule;
    const resource = `*${fleet.cluster}-*`;
    return this.gennaker.aws.fault({ ...rest, match: { ...(match as object), resource } });
  }

  /** The number of the newest call: of the ledger itself nothing is asked, it grows long. */
  async lastCall(): Promise<number> {
    return (await this.gennaker.aws.ledgerSince(Number.MAX_SAFE_INTEGER)).last;
  }

  /** Calls above one number, up to another. */
  async callsBetween(from: number, to: number): Promise<readonly LedgerEntry[]> {
    return (await this.gennaker.aws.ledgerSince(from)).calls.filter(({ n }) => n <= to);
  }

  /** Lets so much of the stand-in's time pass that no read is older than the last change. */
  async settle(): Promise<void> {
    await pass((staleSecondsMax / timeScale) * 1000);
  }

  async close(): Promise<void> {
    this.hands.close();
    await this.gennaker.close();
  }
}

function typeOf(number: number): `${(typeof families)[number]}.${(typeof sizes)[number]}` {
  const family = families[number % families.length] ?? 'm7g';
  const size = sizes[Math.floor(number / families.length) % sizes.length] ?? 'large';
  return `${family}.${size}`;
}

function ignoreGone(error: unknown): void {
  if (!(error instanceof Error) || error.name !== 'ValidationError') throw error;
}
