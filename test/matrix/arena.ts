import { setTimeout as pass } from 'node:timers/promises';

import { DeleteAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import {
  DeleteListenerCommand,
  DeleteLoadBalancerCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { Gennaker } from '../support/e2e/gennaker.js';
import { groupsOf, Hands, makeFleet, registerImage, type Fleet, type FleetSize } from './fleet.js';

/** Seconds of AWS in one of ours: instances boot within half a second, targets are healthy within another. */
const timeScale = 30;
/** The worker looks this often, in real seconds. */
const pollSeconds = 0.5;
/** The stand-in's reads are never as old as this. */
const staleSecondsMax = 2;
/** Its minimum is below its desired size, and it may grow: scaling has something to do. */
const fleetSize: FleetSize = { min: 2, desired: 3, max: 6 };

/** Types of which a cell takes one for itself. */
const families = ['m7g', 'm7i', 'c7g', 'c7i', 'r7g', 'r7i', 'm6g', 'm6i', 'c6g', 'c6i'];
const sizes = ['medium', 'large', 'xlarge', '2xlarge', '4xlarge'];

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

  async newFleet(): Promise<Fleet> {
    const number = this.#fleets;
    this.#fleets += 1;
    const family = families[number % families.length] ?? 'm7g';
    const size = sizes[Math.floor(number / families.length) % sizes.length] ?? 'large';
    const instanceType = `${family}.${size}`;
    return await makeFleet(this.gennaker, this.hands, {
      stack: `m${number}`,
      size: fleetSize,
      instanceType,
    });
  }

  /** What is left of a fleet is taken away once its cell is over: an account may have 50 load balancers. */
  async dropFleet({
    cluster,
    listenerArn,
    loadBalancerName,
    loadBalancerArn,
    instanceType,
  }: Fleet): Promise<void> {
    await this.gennaker.aws.typeCapacity(instanceType, { available: true });
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

  /** Kills the worker and starts it again; one at a time. */
  restartWorker(): Promise<void> {
    const restarted = this.#worker.then(async () => {
      await this.gennaker.worker.kill();
      await this.gennaker.worker.start();
    });
    this.#worker = restarted.catch(() => undefined);
    return restarted;
  }

  /** A fault of calls that name something of the fleet; its id. */
  fault(fleet: Fleet, rule: Readonly<Record<string, unknown>>): Promise<string> {
    const { match, ...rest } = rule;
    const resource = `*${fleet.cluster}-*`;
    return this.gennaker.aws.fault({ ...rest, match: { ...(match as object), resource } });
  }

  /** Calls that the stand-in has answered. */
  async callsSoFar(): Promise<number> {
    return (await this.gennaker.aws.ledger()).length;
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

function ignoreGone(error: unknown): void {
  if (!(error instanceof Error) || error.name !== 'ValidationError') throw error;
}
