import type {
  InstanceRefreshReport,
  RolledBackInstanceRefresh,
  StartedInstanceRefresh,
} from '@gennaker/contract/wire';
import type {
  LaunchTemplateVersionRef,
  RefreshPreferences,
  RefreshRestoreState,
} from '@gennaker/domain';
import { account, operation, region, subject, type AwsWorld } from './aws-world.js';
import { oldGroup } from './red-black.js';

/** Quick, and never with less in service than there was. */
const quickPreferences: RefreshPreferences = {
  minHealthyPercent: 100,
  maxHealthyPercent: 200,
  instanceWarmupSeconds: 0,
  checkpointPercents: [],
  checkpointDelaySeconds: null,
  bakeSeconds: 0,
  alarms: [],
  autoRollback: true,
  skipMatching: true,
};

/** Still at the first instances after minutes, however busy the machine; a rollback stops at no checkpoint. */
export const slowPreferences: RefreshPreferences = {
  ...quickPreferences,
  checkpointPercents: [34, 100],
  checkpointDelaySeconds: 3_600,
};

/** More rounds than any undo of three instances needs. */
const roundsMax = 12;
const versionStep = operation('version', oldGroup);

/** The steps of a rolling deploy of the seed's server group, one by one, as the workflow calls them. */
export class Rolling {
  readonly #world: AwsWorld;

  constructor(world: AwsWorld) {
    this.#world = world;
  }

  capture(): Promise<RefreshRestoreState> {
    const context = operation('capture', oldGroup);
    return this.#world.run('captureRefreshState', { context, subject: subject(oldGroup) });
  }

  pin(restore: RefreshRestoreState): Promise<void> {
    const context = operation('pin', oldGroup);
    const input = { context, subject: subject(oldGroup), restore };
    return this.#world.runWithRetries('pinLaunchTemplate', input);
  }

  version({ launch }: RefreshRestoreState): Promise<LaunchTemplateVersionRef> {
    return this.#world.runWithRetries('ensureLaunchTemplateVersion', {
      context: versionStep,
      subject: subject(oldGroup),
      launch,
      imageId: this.#world.seeded.imageIds['1.1.0'],
      instanceType: null,
    });
  }

  start(
    restore: RefreshRestoreState,
    ours: LaunchTemplateVersionRef,
    preferences: RefreshPreferences = quickPreferences,
  ): Promise<StartedInstanceRefresh> {
    return this.#world.runWithRetries('startInstanceRefresh', {
      context: operation('start', oldGroup),
      subject: subject(oldGroup),
      restore,
      ours,
      preferences,
    });
  }

  awaited(
    { arn }: RefreshRestoreState,
    running: { readonly refreshId: string; readonly ours: LaunchTemplateVersionRef },
    seconds = 60,
  ): Promise<InstanceRefreshReport> {
    const deadline = new Date(Date.now() + seconds * 1_000).toISOString();
    return this.#world.run('awaitInstanceRefresh', {
      context: operation('await', oldGroup, { priority: 'wait', deadline }),
      subject: subject(oldGroup),
      arn,
      instancesFloor: 3,
      ...running,
    });
  }

  /** Capture to start: the refresh is under way. */
  async begin(options: { readonly preferences?: RefreshPreferences } = {}): Promise<{
    readonly restore: RefreshRestoreState;
    readonly ours: LaunchTemplateVersionRef;
    readonly refreshId: string;
  }> {
    const restore = await this.capture();
    const ours = await this.version(restore);
    const started = await this.start(restore, ours, options.preferences);
    if (started.outcome !== 'running') throw new Error('another refresh is in the way');
    return { restore, ours, refreshId: started.refreshId };
  }

  /** Without time for instances that start, unless `settleSeconds` from now are given. */
  rollBackOnce(
    restore: RefreshRestoreState,
    settleSeconds = 0,
  ): Promise<RolledBackInstanceRefresh> {
    return this.#world.runWithRetries('rollbackInstanceRefresh', {
      context: operation('undo', oldGroup, { priority: 'undo' }),
      subject: subject(oldGroup),
      restore,
      versionOperationKey: versionStep.operationKey,
      preferences: { ...quickPreferences, autoRollback: false },
      settleUntil: new Date(Date.now() + settleSeconds * 1_000).toISOString(),
    });
  }

  /** Round by round until nothing of ours is left, as the workflow undoes it; then the launch template. */
  async undo(restore: RefreshRestoreState): Promise<RolledBackInstanceRefresh> {
    const context = operation('undo', oldGroup, { priority: 'undo' });
    const input = { context, subject: subject(oldGroup) };
    for (let round = 0; round < roundsMax; round += 1) {
      const done = await this.rollBackOnce(restore);
      if (done.state === 'restored') {
        const versionOperationKey = versionStep.operationKey;
        const template = { ...input, restore, versionOperationKey };
        await this.#world.runWithRetries('restoreLaunchTemplate', template);
        return done;
      }
      await this.#world.run('awaitNoInstanceRefresh', input);
    }
    throw new Error(`not restored after ${roundsMax} rounds`);
  }

  /** What AWS shows once nothing is stale any more: the group's own setting, then each instance's version. */
  async versionsNow(): Promise<{ readonly group: string; readonly instances: readonly string[] }> {
    await this.#world.settle();
    const aws = this.#world.aws.region(account, region);
    const [group] = await aws.describeServerGroups([oldGroup], { priority: 'screen' });
    const instances = (group?.view.instances ?? [])
      .filter((one) => !one.lifecycleState.startsWith('Terminat'))
      .map((one) => one.launchTemplate?.version ?? 'none');
    return { group: group?.view.launchTemplate?.version ?? 'none', instances };
  }
}
