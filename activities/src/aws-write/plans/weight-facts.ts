import type { AwsRegion, CallOptions, ServerGroupDetails } from '@gennaker/aws';
import {
  GennakerError,
  readWarmTag,
  readWeightsTag,
  warmTagKey,
  weightsTagKey,
  type BlueGreenStrategy,
  type ListenerRule,
  type RecordedWeights,
  type WarmRecord,
  type WeightFacts,
} from '@gennaker/domain';
import { readForwarding, type Forwarding } from '../../observe/forwarding-rules.js';

/** The rules and target groups of a switch by weights. */
export type Weighted = Pick<BlueGreenStrategy, 'targetGroupArns' | 'ruleArns'>;

/**
 * Who forwards to the two target groups, with the named rules as a write would find them, and what deploys have recorded on
 * the cluster's server groups. Read live; changes nothing. Throws INVALID_REQUEST for a target group that is not there.
 */
export async function readWeightFacts(
  region: AwsRegion,
  stage: {
    readonly weighted: Weighted;
    readonly groups: readonly ServerGroupDetails[];
    /** By our own clock, ISO 8601. */
    readonly readAt: string;
  },
  options: CallOptions,
): Promise<WeightFacts> {
  const { weighted, groups, readAt } = stage;
  const [forwarding, named] = await Promise.all([
    forwardingTo(region, weighted, options),
    namedRules(region, weighted, options),
  ]);
  const others = forwarding.rules.filter((rule) => !weighted.ruleArns.includes(rule.arn));
  return {
    readAt,
    targetGroups: forwarding.targetGroups.map(({ arn, deregistrationDelaySeconds }) => ({
      arn,
      deregistrationDelaySeconds,
    })),
    loadBalancers: forwarding.loadBalancers.map(({ name, type, dnsName }) => ({
      name,
      type,
      dnsName,
    })),
    rules: [...named, ...others],
    recorded: lastRecorded(groups),
    warm: warmGroups(groups),
  };
}

async function forwardingTo(
  region: AwsRegion,
  { targetGroupArns }: Weighted,
  options: CallOptions,
): Promise<Forwarding> {
  try {
    return await readForwarding(region, { arns: targetGroupArns }, options);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new GennakerError(
      'INVALID_REQUEST',
      `One of the target groups ${targetGroupArns.join(', ')} is not there. Correct targetGroupArns, or create it.`,
      { details: { targetGroupArns: [...targetGroupArns] }, cause: error },
    );
  }
}

/** One by one: only so is looked for what a write would lose. Those that are not there are left out. */
async function namedRules(
  region: AwsRegion,
  { ruleArns }: Weighted,
  options: CallOptions,
): Promise<readonly ListenerRule[]> {
  const found = await Promise.all(
    ruleArns.map(async (arn) => {
      try {
        return (await region.describeRule(arn, options)).rule;
      } catch (error) {
        if (isNotFound(error)) return null;
        throw error;
      }
    }),
  );
  return found.filter((rule) => rule !== null);
}

function lastRecorded(groups: readonly ServerGroupDetails[]): RecordedWeights | null {
  const recorded = groups
    .filter(({ view }) => !view.deleting)
    .flatMap(({ view, tags }) => readWeightsTag(view.name, tags[weightsTagKey] ?? '') ?? [])
    .toSorted((one, other) => (one.writtenAt < other.writtenAt ? -1 : 1));
  return recorded.at(-1) ?? null;
}

function warmGroups(groups: readonly ServerGroupDetails[]): Record<string, WarmRecord> {
  const warm = groups.flatMap(({ view, tags }) => {
    const record = readWarmTag(tags[warmTagKey] ?? '');
    return record === null ? [] : [[view.name, record] as const];
  });
  return Object.fromEntries(warm);
}

function isNotFound(error: unknown): boolean {
  return error instanceof GennakerError && error.code === 'AWS_NOT_FOUND';
}
