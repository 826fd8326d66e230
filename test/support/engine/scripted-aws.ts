import { Context } from '@temporalio/activity';
import {
  GennakerError,
  type DeployPlan,
  type AnalysisOutcome,
  type PlannedScaling,
  type ServerGroupRef,
  type ServerGroupRestoreState,
  type ServerGroupView,
  type TagValue,
} from '@gennaker/domain';
import type {
  AwsWaitActivities,
  AwsWriteActivities,
  OpenUndoDifference,
} from '@gennaker/contract/wire';
import { scriptedRules } from './scripted-rules.js';
import { scriptedCanary, scriptedCanaryPlan } from './scripted-canary.js';
import { scriptedPlan } from './scripted-plan.js';
import { scriptedScaling, withScaling } from './scripted-scaling.js';
import { scriptedRollback } from './scripted-rollback.js';
import { scriptedRefreshes, scriptedRolling } from './scripted-refresh.js';
import { scriptedServerGroups } from './scripted-server-groups.js';

/**
 * AWS activities over a scripted world for tests of the engine alone: which calls came, in which order, and what each
 * answers. The real activities have their own tests.
 */
export class ScriptedAws {
  /** `activity subject`, in the order in which they were carried out. */
  readonly calls: string[] = [];
  /** What an activity does before its ordinary answer: throw, wait until cancelled, … */
  readonly before = new Map<string, () => Promise<void>>();
  /** Instances beyond the captured size, at a restore. */
  surplus = 0;
  /** Server groups that a capture finds out of traffic. */
  readonly outOfTraffic = new Set<string>();
  /** What a look at the cluster shows. */
  serverGroups: readonly ServerGroupView[] = [];
  /** Where AWS is not as an undo was to leave it. */
  differences: readonly OpenUndoDifference[] = [];
  /** What the plans carry over besides; null: nothing, as plans of older releases. */
  scaling: PlannedScaling | null = null;
  /** What the canary analyses say, in turn. */
  outcomes: AnalysisOutcome[] = ['pass'];
  /** So many watches beside a question to a person end by their time; the next one lasts until the answer. */
  heldWatches = 0;
  /** How many instances start at each look before a way back, in turn; then none. */
  starting: number[] = [];
  /** Steps behind those of the switch. */
  moreSteps: DeployPlan['steps'] = [];
  /** Tags of every server group, by key. */
  readonly tags: Record<string, TagValue> = {};
  #version = 0;
  readonly #canary = scriptedCanary((activity, subject) => this.#call(activity, subject), {
    outcomes: () => this.outcomes,
    heldWatch: async () => {
      this.heldWatches -= 1;
      if (this.heldWatches < 0) await untilCancelledOr(() => false);
    },
  });
  readonly #refreshes = scriptedRefreshes(
    (activity, subject) => this.#call(activity, subject),
    () => this.starting.shift() ?? 0,
  );

  readonly write: AwsWriteActivities = {
    findImage: async () => {
      await this.#call('findImage', 'image');
      return { imageId: 'ami-00000001', imageName: 'web-1.0.0', createdAt: '2026-01-01T00:00:00Z' };
    },
    readCluster: async ({ cluster }) => {
      await this.#call('readCluster', cluster.cluster);
      return { ...cluster, observedAt: '2026-01-01T00:00:00Z', serverGroups: this.serverGroups };
    },
    planDeploy: async (input) => {
      await this.#call('planDeploy', input.stage.refId);
      if (input.stage.strategy.type === 'rolling') {
        return scriptedRolling(scriptedPlan(input, 'web-prod-v000'));
      }
      this.#version += 1;
      if (input.stage.strategy.type === 'canary') {
        return scriptedCanaryPlan(input.stage, `web-prod-v00${this.#version}`);
      }
      const scripted = scriptedPlan(input, `web-prod-v00${this.#version}`);
      const plan = { ...scripted, steps: [...scripted.steps, ...this.moreSteps] };
      return this.scaling === null ? plan : withScaling(plan, this.scaling);
    },
    planRollback: async (input) => {
      await this.#call('planRollback', input.stage.cluster);
      return scriptedRollback(input.stage);
    },
    restoreServerGroupProcesses: ({ subject }) =>
      this.#call('restoreServerGroupProcesses', subject.serverGroup),
    previewPlans: async () => ({ plans: [] }),
    captureServerGroup: async ({ subject, context }) => {
      await this.#call('captureServerGroup', subject.serverGroup);
      const restore = scriptedRestore(context, subject);
      const isOut = this.outOfTraffic.has(subject.serverGroup);
      return isOut ? { ...restore, suspendedProcesses: ['AddToLoadBalancer'] } : restore;
    },
    createServerGroup: async ({ target }) => {
      await this.#call('createServerGroup', target.serverGroup);
      return {
        serverGroup: target.serverGroup,
        arn: `arn:${target.serverGroup}`,
        launchTemplateId: 'lt-1',
        launchTemplateVersion: '1',
      };
    },
    matchServerGroup: async ({ subject }) => {
      await this.#call('matchServerGroup', subject.serverGroup);
      return { grown: false, capacity: { min: 3, desired: 3, max: 3 } };
    },
    resizeServerGroup: ({ subject }) => this.#call('resizeServerGroup', subject.serverGroup),
    disableServerGroup: ({ subject }) => this.#call('disableServerGroup', subject.serverGroup),
    registerServerGroup: async ({ subject, restore }) => {
      await this.#call('registerServerGroup', subject.serverGroup);
      return { instancesRegistered: restore.instancesInService };
    },
    resumeServerGroup: ({ subject }) => this.#call('resumeServerGroup', subject.serverGroup),
    deleteServerGroup: ({ subject }) => this.#call('deleteServerGroup', subject.serverGroup),
    deleteLaunchTemplate: ({ subject }) => this.#call('deleteLaunchTemplate', subject.serverGroup),
    ...scriptedServerGroups((activity, subject) => this.#call(activity, subject), this.tags),
    restoreServerGroupSize: async ({ subject }) => {
      await this.#call('restoreServerGroupSize', subject.serverGroup);
      return { outcome: 'restored', surplus: this.surplus };
    },
    ...scriptedRules((activity, subject) => this.#call(activity, subject)),
    ...scriptedScaling((activity, subject) => this.#call(activity, subject)),
    ...this.#canary.write,
    readServing: async () => ({ observedAt: '2026-01-01T00:00:00Z', serverGroups: [] }),
    compareUndo: async ({ executionId }) => {
      await this.#call('compareUndo', executionId);
      return { observedAt: '2026-01-01T00:00:00Z', differences: this.differences };
    },
    ...this.#refreshes,
  };

  readonly wait: AwsWaitActivities = {
    awaitServerGroupHealthy: async ({ subject, instancesHealthyMin }) => {
      await this.#call('awaitServerGroupHealthy', subject.serverGroup);
      return {
        healthy: instancesHealthyMin,
        wanted: instancesHealthyMin,
        observedAt: '2026-01-01T00:00:00Z',
      };
    },
    ...this.#canary.wait,
    watchAlarms: async ({ alarms }) => {
      await this.#call('watchAlarms', alarms.join(' '));
      return { observedAt: '2026-01-01T00:00:00Z', withoutData: [] };
    },
    awaitServerGroupDrained: ({ subject }) =>
      this.#call('awaitServerGroupDrained', subject.serverGroup),
    awaitServerGroupShareDrained: ({ subject }) =>
      this.#call('awaitServerGroupShareDrained', subject.serverGroup),
    awaitServerGroupShrunk: ({ subject }) =>
      this.#call('awaitServerGroupShrunk', subject.serverGroup),
    awaitServerGroupGone: ({ subject }) => this.#call('awaitServerGroupGone', subject.serverGroup),
    ...this.#refreshes,
  };

  /** Makes an activity fail for good with this code until further notice. */
  fails(activity: string, code: 'AWS_DENIED' | 'LAUNCH_FAILED' | 'ALARM_RAISED'): void {
    this.before.set(activity, async () => {
      throw new GennakerError(code, `${activity} was made to fail`);
    });
  }

  /** Makes an activity fail for good the next time only. */
  failsOnce(activity: string, code: 'AWS_DENIED'): void {
    this.before.set(activity, async () => {
      this.before.delete(activity);
      throw new GennakerError(code, `${activity} was made to fail once`);
    });
  }

  /** Makes an activity find its server group gone. */
  vanishes(activity: string): void {
    this.before.set(activity, async () => {
      throw new GennakerError('SUBJECT_VANISHED', `${activity} found nothing`);
    });
  }

  /** Makes an activity wait until it is cancelled or `before` no longer says so; resolves once it waits. */
  waits(activity: string): Promise<void> {
    return new Promise((started) => {
      const wait = async (): Promise<void> => {
        started();
        await untilCancelledOr(() => this.before.get(activity) !== wait);
      };
      this.before.set(activity, wait);
    });
  }

  /** Makes the next call of an activity, and no other, wait until it is cancelled or the returned function is called. */
  holdsOnce(activity: string): () => void {
    let isReleased = false;
    this.before.set(activity, async () => {
      this.before.delete(activity);
      await untilCancelledOr(() => isReleased);
    });
    return () => (isReleased = true);
  }

  /** Makes an activity wait until it is cancelled and then fail for a reason of its own; resolves when it has begun. */
  failsOnCancel(activity: string, code: 'AWS_DENIED'): Promise<void> {
    return new Promise((started) => {
      this.before.set(activity, async () => {
        started();
        await untilCancelledOr(() => false).catch(() => undefined);
        throw new GennakerError(code, `${activity} was made to fail when it was cancelled`);
      });
    });
  }

  async #call(activity: string, subject: string): Promise<void> {
    await this.before.get(activity)?.();
    this.calls.push(`${activity} ${subject}`);
  }
}

/** Heartbeats until the activity is cancelled, which it throws, or released. */
async function untilCancelledOr(isReleased: () => boolean): Promise<void> {
  const context = Context.current();
  const released = Promise.withResolvers<void>();
  const beat = setInterval(() => {
    context.heartbeat();
    if (isReleased()) released.resolve();
  }, 50);
  try {
    await Promise.race([context.cancelled, released.promise]);
  } finally {
    clearInterval(beat);
  }
}

function scriptedRestore(
  context: { readonly executionId: string; readonly stage: string },
  subject: ServerGroupRef,
): ServerGroupRestoreState {
  const isNew = subject.serverGroup !== 'web-prod-v000';
  return {
    capacity: { min: 3, desired: 3, max: 3 },
    suspendedProcesses: [],
    targetGroupArns: ['arn:tg'],
    registered: { 'arn:tg': ['i-1', 'i-2', 'i-3'] },
    instancesInService: 3,
    owner: isNew ? { executionId: context.executionId, stage: context.stage } : null,
  };
}
