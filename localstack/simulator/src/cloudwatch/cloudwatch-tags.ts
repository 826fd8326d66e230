import type {
  ListTagsForResourceInput,
  ListTagsForResourceOutput,
  TagResourceInput,
  UntagResourceInput,
} from '@aws-sdk/client-cloudwatch';
import { AwsError } from '../wire/aws-error.js';
import type { Call, Handlers } from '../world/call.js';
import type { Scope } from '../world/scope.js';
import type { AlarmRecord } from './records.js';

/** Tags of alarms. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_TagResource.html */
export const cloudWatchTagHandlers: Handlers = {
  ListTagsForResource: (
    { scope }: Call,
    input: ListTagsForResourceInput,
  ): ListTagsForResourceOutput => ({
    Tags: Object.entries(getTagged(scope, input.ResourceARN).tags).map(([Key, Value]) => ({
      Key,
      Value,
    })),
  }),
  TagResource: ({ scope }: Call, input: TagResourceInput) => {
    const alarm = getTagged(scope, input.ResourceARN);
    const added = (input.Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']);
    scope.tables.alarms.update(alarm.name, {
      tags: { ...alarm.tags, ...(Object.fromEntries(added) as Readonly<Record<string, string>>) },
    });
    return {};
  },
  UntagResource: ({ scope }: Call, input: UntagResourceInput) => {
    const alarm = getTagged(scope, input.ResourceARN);
    const kept = Object.entries(alarm.tags).filter(([key]) => !input.TagKeys?.includes(key));
    scope.tables.alarms.update(alarm.name, { tags: Object.fromEntries(kept) });
    return {};
  },
};

function getTagged(scope: Scope, arn: string | undefined): AlarmRecord {
  const alarm = scope.tables.alarms.all().find((row) => row.arn === arn);
  if (alarm === undefined)
    throw new AwsError('ResourceNotFoundException', `Unknown resource ${arn}`, 404);
  return alarm;
}
