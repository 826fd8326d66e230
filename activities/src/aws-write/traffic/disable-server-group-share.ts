import type { Aws } from '@gennaker/aws';
import type { AwsWriteActivities, DisableShareInput } from '@gennaker/contract/wire';
import {
  chooseShareOut,
  GennakerError,
  isRegisteredAnywhere,
  shareShortfall,
  type ServerGroupView,
  type ShareOut,
} from '@gennaker/domain';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { reading } from '../../call-options.js';
import {
  look,
  subjectVanished,
  throwTrouble,
  vanishedLooksMin,
  verify,
} from '../../observe/look.js';
import { observedSubject } from '../../observe/observed-subject.js';
import { assertSameGroup } from '../../observe/same-group.js';
import { watchServerGroup, type Observed } from '../../observe/watch-server-group.js';
import { suspendUnlessGone } from './disable-server-group.js';
import { replacingProcesses } from './disabled-processes.js';
import { deregisterSome } from './registration.js';

/** How many looks may show too little capacity before a share is refused: one alone may be a flicker. */
const guardLooksMax = 3;

/**
 * Takes a share of a server group out of its target groups (DeregisterTargets) and reads it back. Unlike Clouddriver, which
 * suspends nothing for a share, it suspends HealthCheck and ReplaceUnhealthy, since Auto Scaling would replace what was
 * deregistered; unlike it, it refuses where there is no target group (Clouddriver then does nothing and succeeds). The
 * guard holds on the very look on which the choice is made. Harmless twice. Throws TRAFFIC_GUARD and INVALID_REQUEST before
 * any change; SUBJECT_VANISHED, CHANGED_BY_SOMEONE_ELSE.
 */
export function createDisableServerGroupShare({
  aws,
}: AwsActivityDependencies): AwsWriteActivities['disableServerGroupShare'] {
  return async (input) => {
    const observed = observedSubject(aws, input.subject, input.context.priority);
    await guardedShare(aws, { observed, input, done: 'Nothing was changed' });
    if ((await suspendUnlessGone(observed, replacingProcesses)) === 'gone') {
      throw subjectVanished(observed, null);
    }
    // Chosen again: something may have been replaced between the first choice and the suspension.
    const { group, share } = await guardedShare(aws, { observed, input, done: suspendedOnly });
    await deregisterSome(observed, share.deregister, group.targetGroupArns);
    await verify(observed, {
      withHealth: true,
      expected: `${share.out.length} of ${share.instances} instances out of the target groups`,
      isSo: (seen) => stillIn(seen, share).length === 0,
      otherwise: (seen) => deregisterSome(observed, stillIn(seen, share), seen.targetGroupArns),
    });
    return { instancesOut: share.out.length, instancesInService: share.instances };
  };
}

const suspendedOnly = `Nothing but the suspension of ${replacingProcesses.join(' and ')} was changed`;

interface Guarded {
  readonly observed: Observed;
  readonly input: DisableShareInput;
  /** What has been changed so far, for the refusal. */
  readonly done: string;
}

interface Chosen {
  readonly group: ServerGroupView;
  readonly share: ShareOut;
}

/** The choice on the first look on which the guard holds. What is out already needs no guard. */
async function guardedShare(aws: Aws, guarded: Guarded): Promise<Chosen> {
  const { observed, input } = guarded;
  let looks = 0;
  let vanished = 0;
  for await (const event of watchServerGroup(observed, 0)) {
    throwTrouble(event);
    vanished = event.kind === 'vanished' ? vanished + 1 : 0;
    if (vanished >= vanishedLooksMin) throw subjectVanished(observed, null);
    if (event.kind !== 'seen' || !event.withHealth) continue;
    const { serverGroup: group } = event;
    if (group.deleting) throw subjectVanished(observed, group);
    assertSameGroup(group, input.arn);
    const { share, lack } = await choose(aws, guarded, group);
    if (lack === null || share.deregister.length === 0) return { group, share };
    looks += 1;
    if (looks >= guardLooksMax) throw refused(guarded, share, lack);
  }
  throw new Error('the watch ended without a look');
}

async function choose(aws: Aws, { observed, input }: Guarded, group: ServerGroupView) {
  const { percent, guard } = input;
  if (group.targetGroupArns.length === 0) throw noTargetGroup(group);
  const launchedAt = await launchTimes(observed, group);
  const incoming = await serving(aws, { input, observed });
  const share = chooseShareOut({ group, incoming, percent, launchedAt });
  const lack = guard === null ? null : shareShortfall({ group, incoming }, share, guard);
  return { share, lack };
}

/** The group that serves in its place, if one does. */
async function serving(
  aws: Aws,
  { input, observed }: Pick<Guarded, 'input' | 'observed'>,
): Promise<ServerGroupView | null> {
  const serverGroup = input.guard?.serverGroup ?? null;
  if (serverGroup === null) return null;
  const other = observedSubject(aws, { ...input.subject, serverGroup }, observed.priority);
  return await look(other, { withHealth: true });
}

async function launchTimes(
  { region, priority }: Observed,
  group: ServerGroupView,
): Promise<ReadonlyMap<string, string>> {
  const ids = group.instances.map((instance) => instance.instanceId);
  const known = await region.describeInstances(ids, reading(priority));
  return new Map(
    known.flatMap(({ instanceId, launchedAt }) =>
      launchedAt === null ? [] : [[instanceId, launchedAt] as const],
    ),
  );
}

function stillIn(group: ServerGroupView, share: ShareOut): readonly string[] {
  return group.instances
    .filter((one) => share.out.includes(one.instanceId) && isRegisteredAnywhere(one, group))
    .map((one) => one.instanceId);
}

function noTargetGroup({ name }: ServerGroupView): GennakerError {
  return new GennakerError(
    'INVALID_REQUEST',
    `A share of ${name} cannot be taken out of traffic: it has no target group. Disable all of it, or none.`,
    { details: { serverGroup: name } },
  );
}

function refused({ input, done }: Guarded, share: ShareOut, lack: string): GennakerError {
  const { serverGroup } = input.subject;
  return new GennakerError(
    'TRAFFIC_GUARD',
    `${share.deregister.length} instances of ${serverGroup} were not taken out of traffic: ${lack}. ${done}.`,
    {
      details: {
        serverGroup,
        guard: input.guard === null ? null : { ...input.guard },
        found: lack,
      },
    },
  );
}
