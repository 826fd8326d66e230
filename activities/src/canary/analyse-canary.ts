import {
  analyse,
  defaultCanaryConfiguration,
  defaultGateSettings,
  defaultScoreThresholds,
  type CanaryConfiguration,
} from '@gennaker/canary';
import { analysisReportSchema, canaryConfigurationSchema } from '@gennaker/contract';
import type { CanaryActivities } from '@gennaker/contract/wire';
import { epochMs, GennakerError, type JsonObject } from '@gennaker/domain';
import type { AwsActivityDependencies } from '../aws-activity-dependencies.js';
import { reading } from '../call-options.js';
import { readArms } from './read-arms.js';

/**
 * Reads the arms of a canary from CloudWatch and judges them (`libs/canary`): the gate that fails closed, then the judge.
 * Read-only; a second call judges what there is by then. A minute is AWS's, as `awsNow` has it (DESIGN D12).
 */
export function createAnalyseCanary({
  aws,
  clock,
}: AwsActivityDependencies): CanaryActivities['analyseCanary'] {
  return async (input) => {
    const { context, rules, arms, from, limits } = input;
    const [rule] = rules;
    if (rule === undefined) {
      throw new GennakerError('INVALID_REQUEST', 'A canary cannot be judged without its rule.');
    }
    const configuration = configurationOf(input.configuration);
    const region = aws.region(rule.account, rule.region);
    const read = await readArms(
      { region, clock },
      { rules, arms, from },
      reading(context.priority),
    );
    const report = analyse({
      configuration,
      scoreThresholds:
        input.scoreThresholds ?? configuration.classifier.scoreThresholds ?? defaultScoreThresholds,
      gate: { ...defaultGateSettings, ...limits },
      window: { fromMs: epochMs(from), untilMs: read.nowMs, nowMs: read.nowMs },
      arms: read.arms,
    });
    const { outcome, reason, minutes, score } = report;
    return {
      outcome,
      reason,
      from: report.from,
      minutes,
      score,
      report: analysisReportSchema.parse(report),
    };
  };
}

/** Throws INVALID_REQUEST with every fault: a definition was checked, but the schema may be a newer release's. */
function configurationOf(given: JsonObject | null): CanaryConfiguration {
  if (given === null) return defaultCanaryConfiguration;
  const parsed = canaryConfigurationSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(
    ({ path, message }) => `${path.map(String).join('/')}: ${message}`,
  );
  throw new GennakerError(
    'INVALID_REQUEST',
    `The canary configuration cannot be used: ${faults.join('; ')}.`,
    { details: { faults } },
  );
}
