import type { CreatedServerGroup } from '@gennaker/contract/wire';
import type { DeployPlan, DeployStage, ServerGroupRestoreState } from '@gennaker/domain';
import { account, operation, region, subject, type AwsWorld } from './aws-world.js';

/** A red/black deploy of the seed's cluster. */
export const redBlackStage: DeployStage = {
  type: 'deploy',
  refId: 'deploy',
  name: 'Deploy',
  requisiteStageRefIds: [],
  timeoutSeconds: 600,
  account,
  region,
  stack: 'prod',
  image: { fromStage: 'find' },
  strategy: { type: 'redBlack' },
  targetHealthyPercent: 100,
  acceptNotCopied: [],
};

export const oldGroup = 'web-prod-v000';
export const newGroup = 'web-prod-v001';

/** The steps of a red/black, one by one, as the workflow calls them. */
export class RedBlack {
  readonly #world: AwsWorld;

  constructor(world: AwsWorld) {
    this.#world = world;
  }

  plan(stage: DeployStage = redBlackStage): Promise<DeployPlan> {
    return this.#world.run('planDeploy', {
      context: operation('plan', 'web-prod'),
      application: 'web',
      stage,
      imageId: this.#world.seeded.imageIds['1.1.0'],
      acceptedServerGroup: null,
      knownServerGroups: null,
    });
  }

  create({ cluster, target }: DeployPlan): Promise<CreatedServerGroup> {
    const context = operation('create', target.serverGroup);
    return this.#world.runWithRetries('createServerGroup', { context, cluster, target });
  }

  resize({ target }: DeployPlan): Promise<void> {
    const { serverGroup, capacity } = target;
    const context = operation('resize', serverGroup);
    const input = { context, subject: subject(serverGroup), capacity };
    return this.#world.runWithRetries('resizeServerGroup', input);
  }

  async healthy({ target }: DeployPlan, arn: string | null = null): Promise<number> {
    const { healthy } = await this.#world.run('awaitServerGroupHealthy', {
      context: operation('healthy', target.serverGroup, { priority: 'wait' }),
      subject: subject(target.serverGroup),
      instancesHealthyMin: target.capacity.desired,
      arn,
    });
    return healthy;
  }

  capture(serverGroup = oldGroup): Promise<ServerGroupRestoreState> {
    return this.#world.run('captureServerGroup', {
      context: operation('disable', serverGroup),
      subject: subject(serverGroup),
    });
  }

  disable(restore: ServerGroupRestoreState): Promise<void> {
    const input = {
      context: operation('disable', oldGroup),
      subject: subject(oldGroup),
      restore,
      guard: null,
    };
    return this.#world.runWithRetries('disableServerGroup', input);
  }

  drained(serverGroup = oldGroup): Promise<void> {
    return this.#world.run('awaitServerGroupDrained', {
      context: operation('disable', serverGroup, { priority: 'wait' }),
      subject: subject(serverGroup),
    });
  }

  /** Plan to healthy: the new group stands beside the old one. */
  async makeNewGroup(): Promise<{
    readonly plan: DeployPlan;
    readonly created: CreatedServerGroup;
  }> {
    const plan = await this.plan();
    const created = await this.create(plan);
    await this.resize(plan);
    await this.healthy(plan, created.arn);
    return { plan, created };
  }
}
