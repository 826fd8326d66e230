import {
  GennakerError,
  isSameVersion,
  isUp,
  type InstanceView,
  type LaunchTemplateVersionRef,
  type ServerGroupView,
} from '@gennaker/domain';

/**
 * This many new instances in a row must end without ever having been healthy: then it is the new version, and waiting for
 * Auto Scaling to give up (an hour without progress) would only end more of them.
 */
const endedUnhealthyMin = 3;

/** Follows the instances of the new version, to see early that none of them gets healthy. Pure but for its memory. */
export class ReplacementWatch {
  readonly #ours: LaunchTemplateVersionRef;
  /** Instances of the new version that were seen and never healthy. */
  readonly #young = new Set<string>();
  readonly #up = new Set<string>();
  readonly #endedUnhealthy = new Set<string>();

  constructor(ours: LaunchTemplateVersionRef) {
    this.#ours = ours;
  }

  /** A look with health. Throws INSTANCE_REFRESH_FAILED naming the instances. */
  take(group: ServerGroupView): void {
    const present = group.instances.filter(
      (one) => isSameVersion(one.launchTemplate, this.#ours) && !isEnding(one),
    );
    const ids = new Set(present.map((one) => one.instanceId));
    for (const id of this.#young) {
      if (ids.has(id)) continue;
      this.#young.delete(id);
      this.#endedUnhealthy.add(id);
    }
    for (const instance of present) this.#note(instance, group);
    if (this.#endedUnhealthy.size < endedUnhealthyMin) return;
    const instanceIds = [...this.#endedUnhealthy];
    throw new GennakerError(
      'INSTANCE_REFRESH_FAILED',
      `${instanceIds.length} new instances of ${group.name} in a row were ended without ever having been healthy ` +
        `(${instanceIds.join(', ')}): the new version does not pass its health checks.`,
      { details: { serverGroup: group.name, instanceIds } },
    );
  }

  #note(instance: InstanceView, group: ServerGroupView): void {
    const { instanceId } = instance;
    if (this.#up.has(instanceId)) return;
    if (!isUp(instance, group)) {
      this.#young.add(instanceId);
      return;
    }
    this.#up.add(instanceId);
    this.#young.delete(instanceId);
    this.#endedUnhealthy.clear();
  }
}

function isEnding({ lifecycleState }: InstanceView): boolean {
  return lifecycleState.startsWith('Terminat');
}
