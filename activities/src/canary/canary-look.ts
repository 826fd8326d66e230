import { defaultGateSettings, judgedMinutes, minuteMs, minuteSeries } from '@gennaker/canary';
import type { AwsRegion, CallOptions } from '@gennaker/aws';
import type { WatchCanaryInput } from '@gennaker/contract/wire';
import {
  alarmsInWords,
  areArmsWeighted,
  epochMs,
  GennakerError,
  isoTime,
  judgeAlarms,
  ruleName,
  weightsInWords,
  weightsOf,
  type RuleRef,
  type TargetGroupWeight,
} from '@gennaker/domain';
import { reading } from '../call-options.js';
import { unexpectedLooksMin, vanishedLooksMin } from '../observe/look.js';
import type { Observed } from '../observe/watch-server-group.js';
import { targetGroupMetric } from './target-group-metrics.js';

/** What one look at a canary shows. */
export interface CanarySight {
  readonly awsMs: number;
  /** False while weights or alarms were not as they should be in the last look: one alone may be stale. */
  readonly isClear: boolean;
  /** Null where requests are not asked for. */
  readonly enough: boolean | null;
  readonly requests: number | null;
}

/** Looks at a canary again and again, and remembers how often something was not as it should be. */
export class CanaryLook {
  readonly #input: WatchCanaryInput;
  #changed = 0;
  #missing = 0;
  #counted: {
    readonly minute: number;
    readonly enough: boolean;
    readonly requests: number;
  } | null = null;

  constructor(input: WatchCanaryInput) {
    this.#input = input;
  }

  /**
   * Throws CHANGED_BY_SOMEONE_ELSE, ALARM_RAISED and SUBJECT_VANISHED once several looks in a row say so (an alarm in ALARM at
   * once), and what AWS answers.
   */
  async at({ region, signal }: Observed, awsMs: number): Promise<CanarySight> {
    const options = { ...reading(this.#input.context.priority), signal };
    const [isWeighted, isQuiet] = await Promise.all([
      this.#areRulesAsPlanned(region, options),
      this.#areAlarmsQuiet(region, options),
    ]);
    const counted = await this.#count(region, awsMs, options);
    return {
      awsMs,
      isClear: isWeighted && isQuiet,
      enough: counted?.enough ?? null,
      requests: counted?.requests ?? null,
    };
  }

  async #areRulesAsPlanned(region: AwsRegion, options: CallOptions): Promise<boolean> {
    const { rules, arms } = this.#input;
    const seen = await Promise.all(
      rules.map(async (rule) => ({ rule, weights: await findWeights(region, rule, options) })),
    );
    const other = seen.find(({ weights }) => weights === null || !areArmsWeighted(arms, weights));
    this.#changed = other === undefined ? 0 : this.#changed + 1;
    if (other === undefined || this.#changed < unexpectedLooksMin) return other === undefined;
    throw other.weights === null ? ruleGone(other.rule) : weightsChanged(other.rule, other.weights);
  }

  async #areAlarmsQuiet(region: AwsRegion, options: CallOptions): Promise<boolean> {
    const { alarms: names } = this.#input;
    if (names.length === 0) return true;
    const alarms = await region.describeAlarms({ names }, options);
    const states = alarms.map(({ name, state, stateReason }) => ({
      name,
      state,
      reason: stateReason,
    }));
    const { inAlarm, missing } = judgeAlarms(names, states);
    if (inAlarm.length > 0) {
      throw new GennakerError(
        'ALARM_RAISED',
        `The canary is stopped by CloudWatch alarms in ALARM: ${alarmsInWords(inAlarm)}.`,
        { details: { alarms: inAlarm.map((alarm) => alarm.name) } },
      );
    }
    this.#missing = missing.length === 0 ? 0 : this.#missing + 1;
    if (this.#missing < vanishedLooksMin) return missing.length === 0;
    throw new GennakerError(
      'SUBJECT_VANISHED',
      `The CloudWatch alarms ${missing.join(', ')}, which gate the canary, are not there any more: someone deleted them.`,
      { details: { alarms: [...missing] } },
    );
  }

  /** Once a minute of AWS's: more often there is nothing new. */
  async #count(region: AwsRegion, awsMs: number, options: CallOptions) {
    const { enough, from, arms } = this.#input;
    if (enough === null) return null;
    const minute = Math.floor(awsMs / minuteMs);
    if (this.#counted?.minute === minute) return this.#counted;
    const arm = arms.find(({ role }) => role === 'experiment');
    const [targetGroup] = await region.describeTargetGroups(
      { arns: arm === undefined ? [] : [arm.targetGroupArn] },
      options,
    );
    const metric = targetGroup && targetGroupMetric(targetGroup, 'requests');
    const judged = judgedMinutes({ fromMs: epochMs(from), untilMs: awsMs, nowMs: awsMs });
    const [points = []] =
      metric === undefined || judged.minutes === 0
        ? []
        : await region.getMetricData(
            {
              metrics: [metric],
              from: isoTime(judged.startMs),
              until: isoTime(judged.startMs + judged.minutes * minuteMs),
              periodSeconds: 60,
            },
            options,
          );
    const values = minuteSeries(points, judged).filter((value) => !Number.isNaN(value));
    const requests = values.reduce((sum, value) => sum + value, 0);
    const isEnough =
      requests >= enough.requests &&
      values.length >= (enough.minutes ?? defaultGateSettings.pointsMin);
    this.#counted = { minute, requests: Math.round(requests), enough: isEnough };
    return this.#counted;
  }
}

/** Null where the rule is not there. */
async function findWeights(
  region: AwsRegion,
  { arn }: RuleRef,
  options: CallOptions,
): Promise<readonly TargetGroupWeight[] | null> {
  try {
    return weightsOf((await region.describeRule(arn, options)).rule);
  } catch (error) {
    if (error instanceof GennakerError && error.code === 'AWS_NOT_FOUND') return null;
    throw error;
  }
}

function weightsChanged(rule: RuleRef, weights: readonly TargetGroupWeight[]): GennakerError {
  return new GennakerError(
    'CHANGED_BY_SOMEONE_ELSE',
    `The weights of the ${ruleName(rule.arn)} were changed by someone else while the canary ran: it has ${weightsInWords(weights)}.`,
    { details: { ruleArn: rule.arn, found: weights.map((one) => ({ ...one })) } },
  );
}

function ruleGone(rule: RuleRef): GennakerError {
  return new GennakerError(
    'SUBJECT_VANISHED',
    `The ${ruleName(rule.arn)} that splits the canary's requests is not there any more: someone removed it.`,
    { details: { ruleArn: rule.arn } },
  );
}
