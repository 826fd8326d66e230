import type { Capacity } from '../groups/cluster.js';
import { isDisabledBy } from '../groups/health.js';
import { isJsonObject, type JsonObject } from '../json.js';
import { isListenerArn, type ListenerRule } from '../weights/listener-rule.js';
import { launchTemplateName } from '../groups/naming.js';
import { withWeights } from '../weights/rule-weights.js';
import type { UndoEntry } from './undo.js';

/** The entry as lines for the AWS command line, for a person who has to finish an undo by hand. */
export function awsCommandLines(entry: UndoEntry): readonly string[] {
  switch (entry.operation) {
    case 'destroyServerGroup':
      return [
        autoscaling(entry, 'update-auto-scaling-group', '--min-size 0 --desired-capacity 0'),
        autoscaling(entry, 'delete-auto-scaling-group', '--force-delete'),
        ...alarmLines(entry),
        templateLine(entry),
      ];
    case 'enableServerGroup':
      return enableLines(entry);
    case 'restoreServerGroup':
      return restoreLines(entry);
    case 'restoreCapacity':
      return [autoscaling(entry, 'update-auto-scaling-group', sizes(entry.recorded))];
    case 'restoreProcesses':
      return [
        ...processLines(entry, 'suspend-processes', entry.suspend),
        ...processLines(entry, 'resume-processes', entry.resume),
      ];
    case 'restoreTags':
      return tagLines(entry);
    case 'rollbackInstanceRefresh':
      return refreshLines(entry);
    case 'unpinServerGroup':
      return [autoscaling(entry, 'update-auto-scaling-group', `--min-size ${entry.recorded.min}`)];
    case 'setRuleWeights':
      return [ruleLine(entry)];
    case 'deleteTargetGroup':
      return [targetGroupLine(entry)];
  }
}

function targetGroupLine({
  subject: { region },
  targetGroupName,
}: Extract<UndoEntry, { operation: 'deleteTargetGroup' }>): string {
  const arn =
    `$(aws elbv2 describe-target-groups --region ${region} --names ${targetGroupName} ` +
    `--query 'TargetGroups[0].TargetGroupArn' --output text)`;
  return `aws elbv2 delete-target-group --region ${region} --target-group-arn ${arn}`;
}

/** All actions at once, as AWS wants them: an OIDC client secret stays what it is. */
function ruleLine(entry: Extract<UndoEntry, { operation: 'setRuleWeights' }>): string {
  const { arn, region } = entry.rule;
  const actions = quoted(JSON.stringify(ruleActions(withWeights(entry.captured, entry.weights))));
  return isListenerArn(arn)
    ? `aws elbv2 modify-listener --region ${region} --listener-arn ${arn} --default-actions ${actions}`
    : `aws elbv2 modify-rule --region ${region} --rule-arn ${arn} --actions ${actions}`;
}

function ruleActions(rule: ListenerRule): readonly JsonObject[] {
  return rule.actions.map((action) => {
    const order = action.order === null ? {} : { Order: action.order };
    if (action.kind === 'other')
      return { Type: action.type, ...order, ...keepingSecret(action.settings) };
    const { enabled, durationSeconds } = action.stickiness;
    return {
      Type: 'forward',
      ...order,
      ForwardConfig: {
        TargetGroups: action.targetGroups.map(({ targetGroupArn, weight }) => ({
          TargetGroupArn: targetGroupArn,
          Weight: weight,
        })),
        TargetGroupStickinessConfig: {
          Enabled: enabled,
          ...(durationSeconds !== null && { DurationSeconds: durationSeconds }),
        },
      },
    };
  });
}

function keepingSecret(settings: JsonObject): JsonObject {
  const config = settings['AuthenticateOidcConfig'];
  if (!isJsonObject(config)) return settings;
  return { ...settings, AuthenticateOidcConfig: { ...config, UseExistingClientSecret: true } };
}

/** For a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function alarmLines({
  subject,
  alarmNames = [],
}: Extract<UndoEntry, { operation: 'destroyServerGroup' }>): string[] {
  if (alarmNames.length === 0) return [];
  const names = alarmNames.map((name) => quoted(name)).join(' ');
  return [`aws cloudwatch delete-alarms --region ${subject.region} --alarm-names ${names}`];
}

function templateLine({ subject }: UndoEntry): string {
  const name = quoted(launchTemplateName(subject.serverGroup));
  return `aws ec2 delete-launch-template --region ${subject.region} --launch-template-name ${name}`;
}

/**
 * Registers, waits until the targets are healthy (before that a resumed health check would replace the instances), restores
 * the sizes (scaling policies may have lowered them meanwhile, and a resumed Terminate would act on that), and resumes. A list that is empty makes no line: for AWS it would mean all processes.
 */
function enableLines(entry: Extract<UndoEntry, { operation: 'enableServerGroup' }>): string[] {
  const { restore, subject } = entry;
  const registered = Object.entries(restore.registered).filter(([, ids]) => ids.length > 0);
  const targets = (command: string): string[] =>
    registered.map(
      ([arn, ids]) =>
        `aws elbv2 ${command} --region ${subject.region} --target-group-arn ${arn}` +
        ` --targets ${ids.map((id) => `Id=${id}`).join(' ')}`,
    );
  const resumed = [
    'AddToLoadBalancer',
    'Launch',
    'Terminate',
    'HealthCheck',
    'ReplaceUnhealthy',
  ].filter((process) => !restore.suspendedProcesses.includes(process));
  const resume = autoscaling(entry, 'resume-processes', `--scaling-processes ${resumed.join(' ')}`);
  return [
    ...targets('register-targets'),
    ...targets('wait target-in-service'),
    autoscaling(entry, 'update-auto-scaling-group', sizes(restore.capacity)),
    ...(resumed.length === 0 ? [] : [resume]),
  ];
}

/**
 * Out of traffic as it was: nothing may come in any more, then the instances leave their target groups, then those too many
 * are terminated. A group that was in traffic before keeps its instances and gets its sizes back.
 */
function restoreLines(entry: Extract<UndoEntry, { operation: 'restoreServerGroup' }>): string[] {
  const { restore, subject } = entry;
  const resize = autoscaling(entry, 'update-auto-scaling-group', sizes(restore.capacity));
  if (!isDisabledBy(restore.suspendedProcesses)) return [resize];
  const suspend = (processes: readonly string[]): string[] =>
    processes.length === 0
      ? []
      : [autoscaling(entry, 'suspend-processes', `--scaling-processes ${processes.join(' ')}`)];
  const { suspendedProcesses } = restore;
  const instances =
    `$(aws autoscaling describe-auto-scaling-groups --region ${subject.region} --auto-scaling-group-names ` +
    `${subject.serverGroup} --query 'AutoScalingGroups[0].Instances[].[InstanceId]' --output text | sed 's/^/Id=/')`;
  return [
    ...suspend(suspendedProcesses.filter((process) => process !== 'Terminate')),
    ...restore.targetGroupArns.map(
      (arn) =>
        `aws elbv2 deregister-targets --region ${subject.region} --target-group-arn ${arn} --targets ${instances}`,
    ),
    resize,
    ...suspend(suspendedProcesses.filter((process) => process === 'Terminate')),
  ];
}

/**
 * Rolls back what is in progress; once nothing is, starts a refresh to the recorded version where instances still run
 * another; then the launch template of a group that followed `$Latest` or `$Default`.
 */
function refreshLines(
  entry: Extract<UndoEntry, { operation: 'rollbackInstanceRefresh' }>,
): string[] {
  const { restore, preferences } = entry;
  const { launchTemplateId, version, specified, mixedInstancesPolicy } = restore.launch;
  const desired = { LaunchTemplateId: launchTemplateId, Version: version };
  const configuration =
    mixedInstancesPolicy === null
      ? { LaunchTemplate: desired }
      : { MixedInstancesPolicy: basedOn(mixedInstancesPolicy, desired) };
  const limits = {
    MinHealthyPercentage: preferences.minHealthyPercent,
    MaxHealthyPercentage: preferences.maxHealthyPercent,
    SkipMatching: preferences.skipMatching,
  };
  const start = `--desired-configuration '${JSON.stringify(configuration)}' --preferences '${JSON.stringify(limits)}'`;
  const followed = mixedInstancesPolicy ?? {
    LaunchTemplateId: launchTemplateId,
    Version: specified,
  };
  const option = mixedInstancesPolicy === null ? '--launch-template' : '--mixed-instances-policy';
  const follow = `${option} '${JSON.stringify(followed)}'`;
  return [
    autoscaling(entry, 'rollback-instance-refresh', ''),
    autoscaling(entry, 'start-instance-refresh', start),
    ...(specified === version ? [] : [autoscaling(entry, 'update-auto-scaling-group', follow)]),
  ];
}

function basedOn(policy: JsonObject, base: JsonObject): JsonObject {
  const template = policy['LaunchTemplate'];
  const rest = isJsonObject(template) ? template : {};
  return { ...policy, LaunchTemplate: { ...rest, LaunchTemplateSpecification: base } };
}

function autoscaling(entry: UndoEntry, command: string, rest: string): string {
  const { region, serverGroup } = entry.subject;
  const line = `aws autoscaling ${command} --region ${region} --auto-scaling-group-name ${serverGroup} ${rest}`;
  return line.trimEnd();
}

function sizes(capacity: Capacity): string {
  return `--min-size ${capacity.min} --desired-capacity ${capacity.desired} --max-size ${capacity.max}`;
}

/** One call for what comes back, one for what goes; no line where there is nothing. */
function tagLines({
  subject,
  recorded,
}: Extract<UndoEntry, { operation: 'restoreTags' }>): readonly string[] {
  const resource = `ResourceId=${subject.serverGroup},ResourceType=auto-scaling-group`;
  const line = (command: string, tags: readonly string[]): string[] =>
    tags.length === 0
      ? []
      : [`aws autoscaling ${command} --region ${subject.region} --tags ${tags.join(' ')}`];
  const entries = Object.entries(recorded);
  return [
    ...line(
      'create-or-update-tags',
      entries.flatMap(([key, tag]) =>
        tag === null
          ? []
          : quoted(
              `${resource},Key=${key},Value=${tag.value},PropagateAtLaunch=${tag.propagateAtLaunch}`,
            ),
      ),
    ),
    ...line(
      'delete-tags',
      entries.flatMap(([key, tag]) => (tag === null ? quoted(`${resource},Key=${key}`) : [])),
    ),
  ];
}

/** No line for an empty list, which AWS would take for all processes. */
function processLines(entry: UndoEntry, command: string, processes: readonly string[]): string[] {
  if (processes.length === 0) return [];
  return [autoscaling(entry, command, `--scaling-processes ${processes.join(' ')}`)];
}
