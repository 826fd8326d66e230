import type {
  AddTagsInput,
  DescribeTagsInput,
  DescribeTagsOutput,
  RemoveTagsInput,
  Tag,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError, validationError } from '../wire/aws-error.js';
import type { Call, Handlers } from '../world/call.js';
import type { Scope } from '../world/scope.js';
import { QUOTAS, requireRoom } from './quotas.js';

const RESOURCES_MAX = 20;

/** Tags of load balancers, listeners, rules and target groups. */
export const elbTagHandlers: Handlers = {
  AddTags: ({ scope }: Call, input: AddTagsInput) => {
    for (const arn of input.ResourceArns ?? []) requireResource(scope, arn);
    for (const arn of input.ResourceArns ?? []) setElbTags(scope, arn, input.Tags);
    return {};
  },
  RemoveTags: ({ scope }: Call, input: RemoveTagsInput) => {
    for (const arn of input.ResourceArns ?? []) {
      requireResource(scope, arn);
      const kept = Object.entries(scope.tables.elbTags.find(arn)?.tags ?? {}).filter(
        ([key]) => !input.TagKeys?.includes(key),
      );
      scope.tables.elbTags.put(arn, { arn, tags: Object.fromEntries(kept) });
    }
    return {};
  },
  DescribeTags: ({ scope }: Call, input: DescribeTagsInput): DescribeTagsOutput => {
    const arns = input.ResourceArns ?? [];
    if (arns.length > RESOURCES_MAX)
      throw validationError(`At most ${RESOURCES_MAX} resources can be described at once`);
    for (const arn of arns) requireResource(scope, arn);
    return {
      TagDescriptions: arns.map((arn) => ({
        ResourceArn: arn,
        Tags: Object.entries(scope.tables.elbTags.find(arn)?.tags ?? {}).map(([Key, Value]) => ({
          Key,
          Value,
        })),
      })),
    };
  },
};

/** Adds tags to those that are there; an equal key is overwritten. */
export function setElbTags(scope: Scope, arn: string, tags: readonly Tag[] | undefined): void {
  if (tags === undefined) return;
  const before = scope.tables.elbTags.find(arn)?.tags ?? {};
  checkTags(tags);
  const added = Object.fromEntries(tags.map((tag) => [tag.Key ?? '', tag.Value ?? '']));
  const after = { ...before, ...added };
  requireRoom('TooManyTags', {
    there: 0,
    added: Object.keys(after).length,
    max: QUOTAS.tagsPerResource,
  });
  scope.tables.elbTags.put(arn, { arn, tags: after });
}

function checkTags(tags: readonly Tag[]): void {
  const keys = tags.map(({ Key: key = '' }) => key);
  if (new Set(keys).size < keys.length)
    throw new AwsError('DuplicateTagKeys', 'A tag key was specified more than once');
  for (const { Key: key = '', Value: value = '' } of tags) {
    if (key.length < 1 || key.length > 128 || value.length > 256)
      throw validationError(
        `Tag '${key}' must have a key of 1 to 128 characters and a value of at most 256`,
      );
    if (/^aws:/i.test(key))
      throw validationError(`Tag key '${key}' uses the reserved prefix 'aws:'`);
  }
}

function requireResource(scope: Scope, arn: string): void {
  const { loadBalancers, listeners, rules, targetGroups } = scope.tables;
  if (targetGroups.find(arn) ?? loadBalancers.find(arn) ?? listeners.find(arn) ?? rules.find(arn))
    return;
  const [, kind = ''] = /:(loadbalancer|targetgroup|listener-rule|listener)\//.exec(arn) ?? [];
  const code = NOT_FOUND[kind];
  if (code === undefined) throw validationError(`'${arn}' is not a valid ARN`);
  throw new AwsError(code, `The following resources do not exist: '${arn}'`);
}

const NOT_FOUND: Readonly<Record<string, string>> = {
  loadbalancer: 'LoadBalancerNotFound',
  targetgroup: 'TargetGroupNotFound',
  listener: 'ListenerNotFound',
  'listener-rule': 'RuleNotFound',
};
