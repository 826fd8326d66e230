import assert from 'node:assert/strict';
import {
  CreateOrUpdateTagsCommand,
  DeleteTagsCommand,
  DescribeAccountLimitsCommand,
  DescribeAutoScalingGroupsCommand,
  paginateDescribeAutoScalingGroups,
  paginateDescribeScalingActivities,
  paginateDescribeTags,
  type Tag,
} from '@aws-sdk/client-auto-scaling';
import {
  activities,
  emptyGroup,
  fleet,
  getGroup,
  ground,
  group,
  inService,
  resize,
} from '../ground/groups.js';
import { refusals } from '../refusal.js';
import { topic, type Behaviour } from '../scenario.js';
import type { Stage } from '../stage.js';

const API = 'https://docs.aws.amazon.com/autoscaling/ec2/APIReference';
const TAGGING =
  'https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html';

function tagOf(name: string, settings: Partial<Tag> = {}): Tag {
  return {
    ResourceId: name,
    ResourceType: 'auto-scaling-group',
    Key: 'team',
    Value: 'us',
    PropagateAtLaunch: false,
    ...settings,
  };
}

async function put(stage: Stage, tag: Tag): Promise<unknown> {
  return stage.autoScaling.send(new CreateOrUpdateTagsCommand({ Tags: [tag] }));
}

async function valueOf(stage: Stage, name: string, key = 'team'): Promise<string | undefined> {
  return (await getGroup(stage, name)).Tags?.find(({ Key }) => Key === key)?.Value;
}

async function namesWith(stage: Stage, filter: string, value: string): Promise<readonly string[]> {
  const names: string[] = [];
  const query = { Filters: [{ Name: filter, Values: [value] }] };
  for await (const page of paginateDescribeAutoScalingGroups({ client: stage.autoScaling }, query))
    names.push(
      ...(page.AutoScalingGroups ?? []).map(({ AutoScalingGroupName: name }) => name ?? ''),
    );
  return names.toSorted();
}

const tagging: readonly Behaviour[] = [
  {
    name: 'are-added',
    title: 'A tag that is put on a group is shown with it',
    run: async (stage) => {
      const name = await emptyGroup(stage);
      await put(stage, tagOf(name));
      assert.equal(await valueOf(stage, name), 'us');
    },
  },
  {
    name: 'are-overwritten',
    title: 'A tag of the same key takes the place of the one before',
    run: async (stage) => {
      const name = await emptyGroup(stage);
      await put(stage, tagOf(name));
      await put(stage, tagOf(name, { Value: 'them' }));
      assert.equal(await valueOf(stage, name), 'them');
    },
  },
  {
    name: 'are-deleted',
    title: 'A deleted tag is not shown any more',
    page: `${API}/API_DeleteTags.html`,
    run: async (stage) => {
      const name = await emptyGroup(stage);
      await put(stage, tagOf(name));
      await stage.autoScaling.send(new DeleteTagsCommand({ Tags: [tagOf(name)] }));
      assert.equal(await valueOf(stage, name), undefined);
    },
  },
  {
    name: 'are-listed-by-group',
    title: 'DescribeTags gives the tags of a group, whether they propagate too',
    page: `${API}/API_DescribeTags.html`,
    run: async (stage) => {
      const name = await emptyGroup(stage);
      await put(stage, tagOf(name, { PropagateAtLaunch: true }));
      const found: (string | boolean | undefined)[][] = [];
      const query = {
        Filters: [
          { Name: 'auto-scaling-group', Values: [name] },
          { Name: 'key', Values: ['team'] },
        ],
      };
      for await (const page of paginateDescribeTags({ client: stage.autoScaling }, query))
        found.push(...(page.Tags ?? []).map((tag) => [tag.Key, tag.Value, tag.PropagateAtLaunch]));
      assert.deepEqual(found, [['team', 'us', true]]);
    },
  },
  {
    name: 'find-groups-by-value',
    title: 'Groups are found by tag:key',
    page: `${API}/API_DescribeAutoScalingGroups.html`,
    run: async (stage) => {
      const name = await emptyGroup(stage);
      assert.deepEqual(await namesWith(stage, `tag:${stage.tag.Key}`, stage.tag.Value), [name]);
    },
  },
  {
    name: 'find-groups-by-key',
    title: 'Groups are found by tag-key',
    page: `${API}/API_DescribeAutoScalingGroups.html`,
    run: async (stage) => {
      const Key = stage.name('key');
      const name = await emptyGroup(stage, { Tags: [{ Key, Value: 'x' }] });
      assert.deepEqual(await namesWith(stage, 'tag-key', Key), [name]);
    },
  },
  {
    name: 'limits-are-told',
    title: 'AWS tells how many groups there are in a region, and may be',
    page: `${API}/API_DescribeAccountLimits.html`,
    run: async (stage) => {
      await emptyGroup(stage);
      const limits = await stage.autoScaling.send(new DescribeAccountLimitsCommand({}));
      const { NumberOfAutoScalingGroups: there = 0, MaxNumberOfAutoScalingGroups: max = 0 } =
        limits;
      assert.ok(there > 0);
      assert.ok(max >= there);
    },
  },
  ...refusals([
    {
      name: 'refuse-unknown-group',
      title: 'A group that is not there gets no tag',
      page: `${API}/API_CreateOrUpdateTags.html`,
      code: 'ValidationError',
      call: async (stage) => put(stage, tagOf('no-such-group')),
    },
    {
      name: 'refuse-reserved-key',
      title: "A tag whose key begins with 'aws:' is refused",
      page: `${API}/API_CreateOrUpdateTags.html`,
      code: 'ValidationError',
      call: async (stage) => put(stage, tagOf(await emptyGroup(stage), { Key: 'aws:mine' })),
    },
    {
      name: 'refuse-unknown-filter',
      title: 'Groups are filtered by tags and by nothing else',
      page: `${API}/API_DescribeAutoScalingGroups.html`,
      code: 'ValidationError',
      call: async (stage) => namesWith(stage, 'colour', 'red'),
    },
  ]),
];

export const groupTagScenarios = topic(
  { name: 'group-tags', service: 'autoscaling', documentation: TAGGING },
  tagging,
);

const listing: readonly Behaviour[] = [
  {
    name: 'groups-come-in-pages',
    title: 'Page by page every group comes once',
    page: `${API}/API_DescribeAutoScalingGroups.html`,
    run: async (stage) => {
      const on = await ground(stage);
      const made: string[] = [];
      for (let index = 0; index < 5; index += 1)
        made.push(await group(stage, on, { AutoScalingGroupName: stage.name(`page-v00${index}`) }));
      const pages: (readonly string[])[] = [];
      const query = {
        MaxRecords: 2,
        Filters: [{ Name: `tag:${stage.tag.Key}`, Values: [stage.tag.Value] }],
      };
      for await (const page of paginateDescribeAutoScalingGroups(
        { client: stage.autoScaling },
        query,
      ))
        pages.push(
          (page.AutoScalingGroups ?? []).map(({ AutoScalingGroupName: name }) => name ?? ''),
        );
      assert.ok(pages.every((page) => page.length <= 2));
      assert.deepEqual(pages.flat().toSorted(), made.toSorted());
    },
  },
  {
    name: 'a-foreign-token-is-refused',
    title: 'A token that AWS has not given is refused',
    page: `${API}/API_DescribeAutoScalingGroups.html`,
    run: async (stage) => {
      const call = stage.autoScaling.send(
        new DescribeAutoScalingGroupsCommand({ NextToken: 'made-up' }),
      );
      await assert.rejects(call, /Token|token/);
    },
  },
  {
    name: 'activities-come-newest-first',
    title: 'Activities are listed newest first, page by page',
    run: async (stage) => {
      const { group: name } = await fleet(stage, 2);
      await resize(stage, name, 1);
      await inService(stage, name, 1);
      const starts: number[] = [];
      const query = { AutoScalingGroupName: name, MaxRecords: 1 };
      for await (const page of paginateDescribeScalingActivities(
        { client: stage.autoScaling },
        query,
      ))
        starts.push(...(page.Activities ?? []).map(({ StartTime: at }) => at?.getTime() ?? 0));
      assert.ok(starts.length >= 3);
      assert.deepEqual(
        starts,
        starts.toSorted((a, b) => b - a),
      );
    },
  },
  {
    name: 'a-launch-is-an-activity',
    title: 'A launch is recorded with its instance, its cause, its zone and its end',
    run: async (stage) => {
      const { group: name } = await fleet(stage, 1);
      const [launch] = await activities(stage, name);
      assert.match(launch?.Description ?? '', /^Launching a new EC2 instance: i-/);
      assert.match(launch?.Cause ?? '', /increasing the capacity from 0 to 1/);
      assert.equal(launch?.StatusCode, 'Successful');
      assert.equal(launch?.Progress, 100);
      assert.match(launch?.Details ?? '', /Availability Zone/);
    },
  },
  {
    name: 'a-termination-is-an-activity',
    title: 'A termination is recorded with its instance and its cause',
    run: async (stage) => {
      const { group: name } = await fleet(stage, 1);
      await resize(stage, name, 0);
      await inService(stage, name, 0);
      const [end] = await activities(stage, name);
      assert.match(end?.Description ?? '', /^Terminating EC2 instance: i-/);
      assert.match(end?.Cause ?? '', /shrinking the capacity from 1 to 0/);
    },
  },
];

export const listingScenarios = topic(
  {
    name: 'listing',
    service: 'autoscaling',
    documentation: `${API}/API_DescribeScalingActivities.html`,
  },
  listing,
);
