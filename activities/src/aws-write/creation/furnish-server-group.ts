import type { AwsRegion } from '@gennaker/aws';
import type { CreateServerGroupInput } from '@gennaker/contract/wire';
import { GennakerError } from '@gennaker/domain';
import { reading, writing } from '../../call-options.js';
import { pause } from '../../observe/pause.js';

/** How many looks the furnishings get to become visible. */
const furnishedLooksMax = 10;
/** Between two of these looks. */
const lookAgainMs = 1_000;

/**
 * What a new group has before its first instance and CreateAutoScalingGroup does not take: the metrics that are collected,
 * and who is told of launches and terminations. Both overwrite, so a second call does the same again; the hooks, which the
 * creation does take, are read back with them. Throws CHANGED_BY_SOMEONE_ELSE.
 */
export async function furnish(
  region: AwsRegion,
  { context, target }: CreateServerGroupInput,
): Promise<void> {
  const { serverGroup, carriedOver } = target;
  if (carriedOver === undefined) return;
  const { priority } = context;
  const metrics = carriedOver.enabledMetrics;
  await region.enableMetrics({ serverGroup, metrics }, await writing(priority));
  for (const notification of carriedOver.notifications) {
    await region.putNotification({ serverGroup, notification }, await writing(priority));
  }
  await verifyFurnished(region, { context, target });
}

async function verifyFurnished(
  region: AwsRegion,
  furnished: Pick<CreateServerGroupInput, 'context' | 'target'>,
): Promise<void> {
  const { serverGroup } = furnished.target;
  const options = reading(furnished.context.priority);
  for (let looks = 1; ; looks += 1) {
    const missing = await missingNow(region, furnished);
    if (missing.length === 0) return;
    if (looks >= furnishedLooksMax) {
      throw new GennakerError(
        'CHANGED_BY_SOMEONE_ELSE',
        `AWS accepted the settings of ${serverGroup}, but ${furnishedLooksMax} looks do not show ${missing.join(', ')}. ` +
          'Someone or something else removes them; stop that, then retry the stage.',
        { details: { serverGroup, missing: [...missing] } },
      );
    }
    await pause(lookAgainMs, options.signal);
  }
}

/** Asks only for what is planned: most groups have none of it, and each look is a call. */
async function missingNow(
  region: AwsRegion,
  { context, target }: Pick<CreateServerGroupInput, 'context' | 'target'>,
): Promise<readonly string[]> {
  const { serverGroup, carriedOver } = target;
  const { lifecycleHooks = [], notifications = [], enabledMetrics = [] } = carriedOver ?? {};
  const options = reading(context.priority);
  const hung = lifecycleHooks.length > 0 || notifications.length > 0;
  const [attached, groups] = await Promise.all([
    hung ? region.describeAttachments(serverGroup, options) : null,
    enabledMetrics.length > 0 ? region.describeServerGroups([serverGroup], options) : null,
  ]);
  const hooks = attached?.lifecycleHooks.map(({ name }) => name);
  const told = attached?.notifications.flatMap(({ topicArn, types }) =>
    types.map((type) => `${topicArn} ${type}`),
  );
  const collected = groups?.flatMap(({ settings }) => settings.carriedOver.enabledMetrics);
  return [
    ...lifecycleHooks
      .filter(({ name }) => hooks?.includes(name) !== true)
      .map(({ name }) => `lifecycle hook ${name}`),
    ...notifications
      .flatMap(({ topicArn, types }) => types.map((type) => `${topicArn} ${type}`))
      .filter((notification) => told?.includes(notification) !== true)
      .map((notification) => `notification ${notification}`),
    ...enabledMetrics
      .filter((metric) => collected?.includes(metric) !== true)
      .map((metric) => `metric ${metric}`),
  ];
}
