import type {
  CreateTagsRequest,
  DeleteTagsRequest,
  DescribeTagsRequest,
  DescribeTagsResult,
  Tag,
  TagDescription,
  TagSpecification,
} from '@aws-sdk/client-ec2';
import type { Call, Handlers } from '../world/call.js';
import type { Scope } from '../world/scope.js';
import { AwsError } from '../wire/aws-error.js';
import { filtered, type FilterReaders } from './filters.js';

const TAGS_MAX = 50;
const KEY_MAX = 127;
const VALUE_MAX = 255;

const RESOURCE_TYPES: Readonly<Record<string, string>> = {
  i: 'instance',
  ami: 'image',
  vpc: 'vpc',
  subnet: 'subnet',
  sg: 'security-group',
  lt: 'launch-template',
};

/** Tags of EC2 resources: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html */
export const tagHandlers: Handlers = {
  CreateTags: ({ scope }: Call, input: CreateTagsRequest) => {
    const tags = Object.fromEntries(
      (input.Tags ?? []).map((tag) => [tag.Key ?? '', tag.Value ?? '']),
    );
    checkTags(tags);
    for (const id of input.Resources ?? []) requireResource(scope, id);
    for (const id of input.Resources ?? []) setTags(scope, id, { ...tagsOf(scope, id), ...tags });
    return {};
  },
  DeleteTags: ({ scope }: Call, input: DeleteTagsRequest) => {
    for (const id of input.Resources ?? []) {
      const kept = Object.entries(tagsOf(scope, id)).filter(
        ([key, value]) =>
          input.Tags !== undefined &&
          !input.Tags.some(
            (tag) => tag.Key === key && (tag.Value === undefined || tag.Value === value),
          ),
      );
      setTags(scope, id, Object.fromEntries(kept));
    }
    return {};
  },
  DescribeTags: ({ scope, reading }: Call, input: DescribeTagsRequest): DescribeTagsResult => {
    const rows = scope.tables.tags.all().flatMap((row) =>
      Object.entries(row.tags).map(([Key, Value]): TagDescription => ({
        ResourceId: row.resourceId,
        ResourceType: row.resourceType as NonNullable<TagDescription['ResourceType']>,
        Key,
        Value,
      })),
    );
    const page = reading.page({
      rows: filtered(rows, input.Filters, {
        readers: TAG_FILTERS,
        // `tag:Name` here means a tag of that key, whatever resource it is of.
        tagsOf: ({ Key = '', Value = '' }) => ({ [Key]: Value }),
      }),
      key: (row) => `${row.ResourceId} ${row.Key}`,
      token: input.NextToken,
      limit: input.MaxResults,
      max: 1000,
    });
    return { Tags: [...page.items], NextToken: page.nextToken };
  },
};

const TAG_FILTERS: FilterReaders<TagDescription> = {
  'resource-id': (row) => row.ResourceId,
  'resource-type': (row) => row.ResourceType,
  key: (row) => row.Key,
  value: (row) => row.Value,
};

/** The tags of a resource as a record; none is an empty one. */
export function tagsOf(scope: Scope, resourceId: string): Readonly<Record<string, string>> {
  return scope.tables.tags.find(resourceId)?.tags ?? {};
}

/** The tags of a resource as EC2 lists them. */
export function tagList(scope: Scope, resourceId: string): Tag[] {
  return Object.entries(tagsOf(scope, resourceId)).map(([Key, Value]) => ({ Key, Value }));
}

export function setTags(
  scope: Scope,
  resourceId: string,
  tags: Readonly<Record<string, string>>,
): void {
  if (Object.keys(tags).length > TAGS_MAX) {
    throw new AwsError(
      'TagLimitExceeded',
      `The maximum number of tags for ${resourceId} has been reached.`,
    );
  }
  scope.tables.tags.put(resourceId, { resourceId, resourceType: resourceTypeOf(resourceId), tags });
}

/** The tags that a create call asked for, for the kind of resource that it makes. */
export function specifiedTags(
  specifications: readonly TagSpecification[] | undefined,
  resourceType: string,
): Readonly<Record<string, string>> {
  const tags: Record<string, string> = {};
  for (const specification of specifications ?? []) {
    if (specification.ResourceType !== resourceType) {
      throw new AwsError(
        'InvalidParameterValue',
        `'${specification.ResourceType}' is not a valid taggable resource type for this operation.`,
      );
    }
    for (const tag of specification.Tags ?? []) tags[tag.Key ?? ''] = tag.Value ?? '';
  }
  checkTags(tags);
  return tags;
}

/** Refuses what nobody may tag: reserved keys, and what is too long. */
function checkTags(tags: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(tags)) {
    if (/^aws:/i.test(key))
      throw new AwsError(
        'InvalidParameterValue',
        `Tag keys starting with 'aws:' are reserved for internal use`,
      );
    if (key.length > KEY_MAX || value.length > VALUE_MAX)
      throw new AwsError(
        'InvalidParameterValue',
        `Tag ${key.length > KEY_MAX ? `key exceeds the maximum length of ${KEY_MAX}` : `value exceeds the maximum length of ${VALUE_MAX}`} characters`,
      );
  }
}

function resourceTypeOf(id: string): string {
  return RESOURCE_TYPES[id.split('-')[0] ?? ''] ?? 'unknown';
}

function requireResource(scope: Scope, id: string): void {
  const { instances, images, vpcs, subnets, securityGroups, templates } = scope.tables;
  const tables = [instances, images, vpcs, subnets, securityGroups, templates];
  if (!tables.some((table) => table.find(id) !== undefined)) {
    throw new AwsError('InvalidID', `The ID '${id}' is not valid`);
  }
}
