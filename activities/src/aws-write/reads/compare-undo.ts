import { isOwnedBy, serverGroupTagKey, type Aws, type AwsRegion } from '@gennaker/aws';
import type { AwsWriteActivities } from '@gennaker/contract/wire';
import {
  GennakerError,
  launchTemplateName,
  undoDifferences,
  type ListenerRule,
  type ServerGroupOwner,
  type UndoDifference,
  type UndoEntry,
  type UndoObservation,
} from '@gennaker/domain';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { reading } from '../../call-options.js';
import { observedAt } from '../../observe/cluster-view.js';
import { unexpectedLooksMin } from '../../observe/look.js';
import { observedSubject } from '../../observe/observed-subject.js';
import { pause } from '../../observe/pause.js';
import { tagStatesOf } from '../tags/change-server-group-tags.js';
import { findOurVersion, readRefreshes } from '../../observe/refreshes.js';

/** Looks in a row that must show the end state: what is not there in one alone may only not be shown by it. */
const settledLooksMin = 2;
/** Between two looks, in milliseconds: the caller waits for the answer. */
const lookAgainMs = 500;

/**
 * Compares what is left to undo with AWS, entry by entry, and changes nothing. An end state counts once two looks in a row show
 * it, a difference once three do. Throws what AWS answers: what cannot be read is never taken for repaired.
 */
export function createCompareUndo({
  aws,
  clock,
}: AwsActivityDependencies): AwsWriteActivities['compareUndo'] {
  return async ({ executionId, open }) => {
    const compared = await Promise.all(
      open.map(async ({ refId, attempt, entry }) => {
        const owner = { executionId, stage: refId };
        const found = await settledDifferences(entry, () => observe(aws, entry, owner));
        return found.map((one) => ({ refId, attempt, step: entry.title, ...one }));
      }),
    );
    const subject = open[0]?.entry.subject;
    const now =
      subject === undefined
        ? clock.now().toISOString()
        : observedAt(aws.region(subject.account, subject.region), clock);
    return { observedAt: now, differences: compared.flat() };
  };
}

async function settledDifferences(
  entry: UndoEntry,
  look: () => Promise<UndoObservation>,
): Promise<readonly UndoDifference[]> {
  for (let settled = 0, different = 0; ;) {
    const differences = undoDifferences(entry, await look());
    const isSettled = differences.length === 0;
    settled = isSettled ? settled + 1 : 0;
    different += isSettled ? 0 : 1;
    if (settled >= settledLooksMin || different >= unexpectedLooksMin) return differences;
    await pause(lookAgainMs, reading('screen').signal);
  }
}

async function observe(
  aws: Aws,
  entry: UndoEntry,
  owner: ServerGroupOwner,
): Promise<UndoObservation> {
  const { account, region: regionName, serverGroup } = entry.subject;
  const region = aws.region(account, regionName);
  const options = { ...reading('screen'), withHealth: true };
  const [found] = await region.describeServerGroups([serverGroup], options);
  const group = found?.view ?? null;
  const isOurs =
    group?.owner?.executionId === owner.executionId && group.owner.stage === owner.stage;
  const tags = found === undefined ? {} : tagStatesOf(found);
  const seen = { group, isOurs, left: [], tags, rule: null, refreshes: [], ourVersion: null };
  switch (entry.operation) {
    case 'destroyServerGroup':
      return { ...seen, left: await leftovers(region, entry, owner) };
    case 'setRuleWeights':
      return { ...seen, rule: await findRule(region, entry.rule.arn) };
    case 'deleteTargetGroup':
      return { ...seen, left: await targetGroupLeft(region, entry.targetGroupName, owner) };
    case 'rollbackInstanceRefresh':
      return group === null ? seen : { ...seen, ...(await refreshesOf(aws, entry)) };
    case 'enableServerGroup':
    case 'restoreServerGroup':
    case 'unpinServerGroup':
    case 'restoreCapacity':
    case 'restoreProcesses':
    case 'restoreTags':
      return seen;
  }
}

async function refreshesOf(
  aws: Aws,
  {
    subject,
    restore,
    versionOperationKey,
  }: Extract<UndoEntry, { operation: 'rollbackInstanceRefresh' }>,
): Promise<Pick<UndoObservation, 'refreshes' | 'ourVersion'>> {
  const observed = observedSubject(aws, subject, 'screen');
  const [refreshes, ourVersion] = await Promise.all([
    readRefreshes(observed),
    findOurVersion(observed, restore.launch, versionOperationKey),
  ]);
  return { refreshes, ourVersion };
}

/** Alarms and launch template that were made for the group; those of others do not count. */
async function leftovers(
  region: AwsRegion,
  { subject, alarmNames = [] }: Extract<UndoEntry, { operation: 'destroyServerGroup' }>,
  owner: ServerGroupOwner,
): Promise<readonly string[]> {
  const options = reading('screen');
  const alarms =
    alarmNames.length === 0
      ? []
      : await region.describeAlarms({ names: alarmNames }, { ...options, withTags: true });
  const ours = alarms.filter(
    ({ tags }) => tags?.[serverGroupTagKey] === subject.serverGroup && isOwnedBy(tags, owner),
  );
  const template = await region.findLaunchTemplate(
    launchTemplateName(subject.serverGroup),
    options,
  );
  const isTemplateOurs = template !== undefined && isOwnedBy(template.tags, owner);
  return [
    ...ours.map(({ name }) => `alarm ${name}`),
    ...(isTemplateOurs ? [`launch template ${template.launchTemplateName}`] : []),
  ];
}

async function targetGroupLeft(
  region: AwsRegion,
  name: string,
  owner: ServerGroupOwner,
): Promise<readonly string[]> {
  const found = await region.findTargetGroup(name, reading('screen'));
  return found !== undefined && isOwnedBy(found.tags, owner) ? [`target group ${name}`] : [];
}

async function findRule(region: AwsRegion, arn: string): Promise<ListenerRule | null> {
  try {
    return (await region.describeRule(arn, reading('screen'))).rule;
  } catch (error) {
    if (error instanceof GennakerError && error.code === 'AWS_NOT_FOUND') return null;
    throw error;
  }
}
