import type { SimulatorControl } from '../support/e2e/simulator-control.js';

/** From one instant to another, in milliseconds since 1970. */
export interface Period {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What the stand-in shows of its world, as far as it is looked at here. */
interface World {
  readonly scopes: readonly {
    readonly groups: readonly Group[];
    readonly targetGroups: readonly {
      readonly name: string;
      readonly targets: readonly { readonly state: string }[];
    }[];
  }[];
}

interface Group {
  readonly name: string;
  /** Only while it is being deleted. */
  readonly status?: string;
  readonly desired: number;
  readonly instances: readonly { readonly lifecycleState: string }[];
}

const lookEveryMs = 100;

/** Looks at the stand-in's world far more often than a deploy may: when AWS had something to do in a cluster. */
export class AwsAtWork {
  readonly #aws: SimulatorControl;
  readonly #periods = new Map<string, Period[]>();
  readonly #looking: Promise<void>;
  #isOver = false;

  constructor(aws: SimulatorControl) {
    this.#aws = aws;
    this.#looking = this.#look();
  }

  /** Instances that come or go, targets that begin or drain, groups that are deleted: all of it, in order. */
  in(cluster: string): readonly Period[] {
    return this.#periods.get(cluster) ?? [];
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#looking;
  }

  async #look(): Promise<void> {
    let fromMs = Date.now();
    while (!this.#isOver) {
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
      const { scopes } = (await this.#aws.state()) as World;
      const toMs = Date.now();
      for (const cluster of new Set(scopes.flatMap(clustersAtWork))) {
        this.#periods.set(cluster, [...this.in(cluster), { fromMs, toMs }]);
      }
      fromMs = toMs;
    }
  }
}

/** Milliseconds of the period in which none of the others was. */
export function msOutside({ fromMs, toMs }: Period, others: readonly Period[]): number {
  let outside = 0;
  let reached = fromMs;
  for (const one of others.toSorted((a, b) => a.fromMs - b.fromMs)) {
    outside += Math.max(0, Math.min(one.fromMs, toMs) - reached);
    reached = Math.max(reached, one.toMs);
  }
  return outside + Math.max(0, toMs - reached);
}

function clustersAtWork({ groups, targetGroups }: World['scopes'][number]): readonly string[] {
  const moving = groups.filter(isMoving).map(({ name }) => clusterOf(name));
  const changing = targetGroups
    .filter(({ targets }) => targets.some(({ state }) => /^(initial|draining)$/.test(state)))
    .map(({ name }) => clusterOf(name));
  return [...moving, ...changing];
}

function isMoving({ status, desired, instances }: Group): boolean {
  if (status !== undefined || instances.length !== desired) return true;
  return instances.some(({ lifecycleState }) => lifecycleState !== 'InService');
}

/** `web-m1` of `web-m1-v000`, `web-m1-v001-canary` and `web-m1-blue`. */
function clusterOf(name: string): string {
  return name.split('-').slice(0, 2).join('-');
}
