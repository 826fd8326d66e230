import type {
  CreateOrUpdateTagsType,
  DeleteTagsType,
  DescribeTagsType,
  Filter,
  Tag,
  TagDescription,
  TagsType,
} from '@aws-sdk/client-auto-scaling';
import { validationError } from '../../wire/aws-error.js';
import type { Call, Handlers } from '../../world/call.js';
import { checkLength } from './checks.js';
import { getGroup } from './group-access.js';

const TAGS_MAX = 50;
const KEY_MAX = 128;
const VALUE_MAX = 256;

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html */
export const groupTagHandlers: Handlers = {
  CreateOrUpdateTags: ({ scope }: Call, input: CreateOrUpdateTagsType) => {
    for (const tag of input.Tags ?? []) {
      const group = getGroup(scope, tag.ResourceId);
      const others = group.tags.filter(({ Key: key }) => key !== tag.Key);
      scope.tables.groups.update(group.name, { tags: checkedTags(group.name, [...others, tag]) });
    }
    return {};
  },
  DeleteTags: ({ scope }: Call, input: DeleteTagsType) => {
    for (const tag of input.Tags ?? []) {
      const group = getGroup(scope, tag.ResourceId);
      scope.tables.groups.update(group.name, {
        tags: group.tags.filter(({ Key: key }) => key !== tag.Key),
      });
    }
    return {};
  },
  DescribeTags: ({ scope, reading }: Call, input: DescribeTagsType): TagsType => {
    const rows = scope.tables.groups.all().flatMap(({ tags }) => tags);
    const page = reading.page({
      rows: rows.filter(tagFilterOf(input.Filters)),
      key: (tag) => `${tag.ResourceId} ${tag.Key}`,
      token: input.NextToken,
      limit: input.MaxRecords,
      max: 100,
    });
    return { Tags: [...page.items], NextToken: page.nextToken };
  },
};

/** Tags of a group with the members that AWS fills in; more than fifty, or a reserved key, are refused. */
export function checkedTags(
  group: string,
  tags: readonly Tag[],
): readonly (Tag & TagDescription)[] {
  if (tags.length > TAGS_MAX) throw validationError(`A group may have at most ${TAGS_MAX} tags`);
  const reserved = tags.find(({ Key: key }) => key?.startsWith('aws:'));
  if (reserved !== undefined)
    throw validationError(`Tag keys beginning with 'aws:' are reserved: ${reserved.Key}`);
  for (const { Key: key, Value: value } of tags) {
    checkLength('tags.member.key', key, KEY_MAX);
    if (value !== undefined && value !== '') checkLength('tags.member.value', value, VALUE_MAX);
  }
  return tags.map((tag) => ({
    ResourceId: group,
    ResourceType: 'auto-scaling-group',
    Key: tag.Key,
    Value: tag.Value ?? '',
    PropagateAtLaunch: tag.PropagateAtLaunch ?? false,
  }));
}

const READERS: Readonly<Record<string, (tag: Tag) => string | undefined>> = {
  'auto-scaling-group': ({ ResourceId: group }) => group,
  key: ({ Key: key }) => key,
  value: ({ Value: value }) => value,
  'propagate-at-launch': ({ PropagateAtLaunch: isPropagated }) => String(isPropagated),
};

/** Whether a tag matches all filters; one that is not known is refused at once. */
function tagFilterOf(filters: readonly Filter[] | undefined): (tag: Tag) => boolean {
  const known = (filters ?? []).map(({ Name: name = '', Values: values = [] }) => {
    const read = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
    if (read === undefined) throw validationError(`Filter type ${name} is not correct.`);
    return (tag: Tag) => values.includes(read(tag) ?? '');
  });
  return (tag) => known.every((matches) => matches(tag));
}
