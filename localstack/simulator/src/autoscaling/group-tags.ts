import type {
  CreateOrUpdateTagsType,
  DeleteTagsType,
  DescribeTagsType,
  Filter,
  Tag,
  TagDescription,
  TagsType,
} from '@aws-sdk/client-auto-scaling';
import { validationError } from '../wire/aws-error.js';
import type { Call, Handlers } from '../world/call.js';
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
      rows: rows.filter((tag) => matches(tag, input.Filters)),
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

function matches(tag: Tag, filters: readonly Filter[] | undefined): boolean {
  const readers: Readonly<Record<string, string | undefined>> = {
    'auto-scaling-group': tag.ResourceId,
    key: tag.Key,
    value: tag.Value,
    'propagate-at-launch': String(tag.PropagateAtLaunch),
  };
  return (filters ?? []).every(({ Name: name = '', Values: values = [] }) => {
    if (!Object.hasOwn(readers, name)) throw validationError(`Filter type ${name} is not correct.`);
    return values.includes(readers[name] ?? '');
  });
}
