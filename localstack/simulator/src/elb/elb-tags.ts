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

const RESOURCES_MAX = 20;

/** Tags of load balancers, listeners and target groups. */
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
  const added = Object.fromEntries(tags.map((tag) => [tag.Key ?? '', tag.Value ?? '']));
  scope.tables.elbTags.put(arn, { arn, tags: { ...before, ...added } });
}

function requireResource(scope: Scope, arn: string): void {
  const { loadBalancers, listeners, targetGroups } = scope.tables;
  if (targetGroups.find(arn) ?? loadBalancers.find(arn) ?? listeners.find(arn)) return;
  const kind = arn.includes(':targetgroup/')
    ? 'TargetGroup'
    : arn.includes(':listener/')
      ? 'Listener'
      : 'LoadBalancer';
  throw new AwsError(`${kind}NotFound`, `The resource '${arn}' was not found`);
}
