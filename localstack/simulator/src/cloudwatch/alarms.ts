import type {
  DeleteAlarmsInput,
  DescribeAlarmsForMetricInput,
  DescribeAlarmsForMetricOutput,
  DescribeAlarmsInput,
  DescribeAlarmsOutput,
  DisableAlarmActionsInput,
  EnableAlarmActionsInput,
  MetricAlarm,
  PutMetricAlarmInput,
  SetAlarmStateInput,
} from '@aws-sdk/client-cloudwatch';
import { AwsError } from '../wire/aws-error.js';
import type { Call, Handlers } from '../world/call.js';
import type { Scope } from '../world/scope.js';
import { deleteAlarm, putAlarm } from './alarm-book.js';
import { checkAlarm } from './alarm-checks.js';
import { enterState } from './alarm-evaluation.js';
import { checkText, invalid, invalidCombination } from './checks.js';
import { seriesKey } from './metric-identity.js';
import type { AlarmRecord } from './records.js';

const NAMES_MAX = 100;
const STATES = ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const;

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html */
export const alarmHandlers: Handlers = {
  PutMetricAlarm: ({ scope }: Call, input: PutMetricAlarmInput) => {
    checkAlarm(input);
    putAlarm(scope, input);
    return {};
  },
  DescribeAlarms: ({ scope, reading }: Call, input: DescribeAlarmsInput): DescribeAlarmsOutput => {
    const { AlarmNames: names, AlarmNamePrefix: prefix, StateValue: state } = input;
    if (names !== undefined && prefix !== undefined)
      throw invalidCombination('AlarmNames and AlarmNamePrefix must not be specified together.');
    checkNames(names);
    const limit = input.MaxRecords ?? 50;
    if (!(limit >= 1 && limit <= 100)) throw invalid('MaxRecords must be between 1 and 100.');
    if (input.AlarmTypes !== undefined && !input.AlarmTypes.includes('MetricAlarm'))
      return { MetricAlarms: [], CompositeAlarms: [] };
    const rows = scope.tables.alarms
      .all()
      .filter(
        (alarm) =>
          (names?.includes(alarm.name) ?? true) &&
          alarm.name.startsWith(prefix ?? '') &&
          (state ?? alarm.state) === alarm.state &&
          hasActionPrefix(alarm, input.ActionPrefix),
      );
    const page = reading.page({
      rows,
      key: ({ name }) => name,
      token: input.NextToken,
      limit,
      max: 100,
    });
    return {
      MetricAlarms: page.items.map(alarmView),
      CompositeAlarms: [],
      NextToken: page.nextToken,
    };
  },
  DescribeAlarmsForMetric: (
    { scope }: Call,
    input: DescribeAlarmsForMetricInput,
  ): DescribeAlarmsForMetricOutput => {
    const wanted = seriesKey({
      namespace: input.Namespace ?? '',
      name: input.MetricName ?? '',
      dimensions: input.Dimensions ?? [],
    });
    const found = scope.tables.alarms.all().filter(
      ({ request }) =>
        seriesKey({
          namespace: request.Namespace ?? '',
          name: request.MetricName ?? '',
          dimensions: request.Dimensions ?? [],
        }) === wanted &&
        (input.Statistic ?? request.Statistic) === request.Statistic &&
        (input.Period ?? request.Period) === request.Period,
    );
    return { MetricAlarms: found.map(alarmView) };
  },
  DeleteAlarms: ({ scope }: Call, input: DeleteAlarmsInput) => {
    checkNames(input.AlarmNames);
    // "If you specify an incorrect alarm name … none of them are deleted" is said of composite alarms only.
    for (const name of input.AlarmNames ?? []) deleteAlarm(scope, name);
    return {};
  },
  SetAlarmState: ({ scope }: Call, input: SetAlarmStateInput) => {
    getAlarm(scope, input.AlarmName);
    const state = STATES.find((candidate) => candidate === input.StateValue);
    if (state === undefined)
      throw invalid(`The value ${input.StateValue} for parameter StateValue is invalid.`);
    if ((input.StateReason?.length ?? 0) > 1023)
      throw invalid('The parameter StateReason must have at most 1023 characters.');
    if (input.StateReasonData !== undefined && !isJson(input.StateReasonData))
      throw new AwsError('InvalidFormat', 'StateReasonData was not syntactically valid JSON');
    enterState(scope, input.AlarmName ?? '', {
      state,
      reason: input.StateReason ?? '',
      reasonData: input.StateReasonData,
    });
    return {};
  },
  EnableAlarmActions: ({ scope }: Call, input: EnableAlarmActionsInput) =>
    setActionsEnabled(scope, input.AlarmNames, true),
  DisableAlarmActions: ({ scope }: Call, input: DisableAlarmActionsInput) =>
    setActionsEnabled(scope, input.AlarmNames, false),
};

function getAlarm(scope: Scope, name: string | undefined): AlarmRecord {
  checkText('AlarmName', name, { max: 255 });
  const alarm = scope.tables.alarms.find(name ?? '');
  if (alarm === undefined)
    throw new AwsError('ResourceNotFound', `Alarm ${name} does not exist`, 404);
  return alarm;
}

function checkNames(names: readonly string[] | undefined): void {
  if ((names?.length ?? 0) > NAMES_MAX)
    throw invalid(`The collection AlarmNames must not have a size greater than ${NAMES_MAX}.`);
  for (const name of names ?? []) checkText('AlarmNames', name, { max: 255 });
}

function hasActionPrefix({ request }: AlarmRecord, prefix: string | undefined): boolean {
  if (prefix === undefined) return true;
  const { AlarmActions = [], OKActions = [], InsufficientDataActions = [] } = request;
  return [...AlarmActions, ...OKActions, ...InsufficientDataActions].some((arn) =>
    arn.startsWith(prefix),
  );
}

/** Alarms that are not there are passed over. */
function setActionsEnabled(
  scope: Scope,
  names: readonly string[] | undefined,
  ActionsEnabled: boolean,
): object {
  checkNames(names);
  for (const name of names ?? []) {
    const alarm = scope.tables.alarms.find(name);
    if (alarm !== undefined)
      scope.tables.alarms.update(name, { request: { ...alarm.request, ActionsEnabled } });
  }
  return {};
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function alarmView({ request, ...alarm }: AlarmRecord): MetricAlarm {
  const isOfOneMetric = request.Metrics === undefined;
  return {
    ...request,
    AlarmName: alarm.name,
    AlarmArn: alarm.arn,
    ActionsEnabled: request.ActionsEnabled ?? true,
    OKActions: request.OKActions ?? [],
    AlarmActions: request.AlarmActions ?? [],
    InsufficientDataActions: request.InsufficientDataActions ?? [],
    ...(isOfOneMetric ? { Dimensions: request.Dimensions ?? [] } : {}),
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.configuredAt),
    StateValue: alarm.state,
    StateReason: alarm.reason,
    StateReasonData: alarm.reasonData,
    StateUpdatedTimestamp: new Date(alarm.stateUpdatedAt),
    StateTransitionedTimestamp: new Date(alarm.transitionedAt),
  };
}
