import assert from 'node:assert/strict';
import {
  DeregisterImageCommand,
  DescribeImagesCommand,
  paginateDescribeImages,
  RegisterImageCommand,
} from '@aws-sdk/client-ec2';
import { ownImage } from '../ground/launch.js';
import { refused, refusals } from '../refusal.js';
import { topic, type Behaviour } from '../scenario.js';
import type { Stage } from '../stage.js';

const API = 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference';
const DESCRIBE = `${API}/API_DescribeImages.html`;

async function describe(stage: Stage, input: object) {
  const { Images: images = [] } = await stage.ec2.send(new DescribeImagesCommand(input));
  return images;
}

async function register(stage: Stage, name: string): Promise<unknown> {
  stage.needs('own images');
  return stage.ec2.send(new RegisterImageCommand({ Name: name }));
}

/** One a filter: it finds the image by this and not by another value. */
const filters = (
  [
    ['name', (name: string) => name],
    ['state', () => 'available'],
    ['architecture', () => 'x86_64'],
  ] as const
).map(([filter, valueOf]): Behaviour => ({
  name: `filter-${filter}`,
  title: `Images are found by their ${filter}`,
  page: DESCRIBE,
  run: async (stage) => {
    const name = stage.name('filtered');
    const imageId = await ownImage(stage, name);
    const found = async (value: string) =>
      (
        await describe(stage, {
          ImageIds: [imageId],
          Filters: [{ Name: filter, Values: [value] }],
        })
      ).length;
    assert.equal(await found(valueOf(name)), 1);
    assert.equal(await found('something-else'), 0);
  },
}));

const behaviours: readonly Behaviour[] = [
  {
    name: 'are-registered',
    title: 'A registered image is available, private and owned by its account',
    run: async (stage) => {
      const name = stage.name('image');
      const [image] = await describe(stage, { ImageIds: [await ownImage(stage, name)] });
      assert.equal(image?.Name, name);
      assert.equal(image?.State, 'available');
      assert.equal(image?.Public, false);
      assert.match(image?.OwnerId ?? '', /^\d{12}$/);
      assert.match(image?.ImageId ?? '', /^ami-[0-9a-f]{17}$/);
    },
  },
  {
    name: 'have-a-date',
    title: 'An image tells when it was made, in ISO 8601',
    page: `${API}/API_Image.html`,
    run: async (stage) => {
      const [image] = await describe(stage, { ImageIds: [await ownImage(stage)] });
      assert.match(image?.CreationDate ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    },
  },
  {
    name: 'are-found-among-own',
    title: "Owners 'self' gives one's own images",
    page: DESCRIBE,
    run: async (stage) => {
      const name = stage.name('mine');
      const imageId = await ownImage(stage, name);
      const found: (string | undefined)[] = [];
      const query = { Owners: ['self'], Filters: [{ Name: 'name', Values: [name] }] };
      for await (const page of paginateDescribeImages({ client: stage.ec2 }, query))
        found.push(...(page.Images ?? []).map(({ ImageId: id }) => id));
      assert.deepEqual(found, [imageId]);
    },
  },
  {
    name: 'wildcards',
    title: 'A filter value may have wildcards',
    page: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html',
    run: async (stage) => {
      const name = stage.name('wild');
      const imageId = await ownImage(stage, name);
      const look = async (pattern: string) =>
        (
          await describe(stage, {
            Owners: ['self'],
            Filters: [{ Name: 'name', Values: [pattern] }],
          })
        ).map(({ ImageId: id }) => id);
      assert.deepEqual(await look(`${name.slice(0, -1)}*`), [imageId]);
      assert.deepEqual(await look(`${name.slice(0, -1)}?`), [imageId]);
      assert.deepEqual(await look(`${name}x*`), []);
    },
  },
  {
    name: 'filters-are-joined-by-and',
    title: 'Several filters must all match, several values need only one',
    page: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html',
    run: async (stage) => {
      const name = stage.name('joined');
      const imageId = await ownImage(stage, name);
      const look = async (names: string[], state: string) =>
        (
          await describe(stage, {
            ImageIds: [imageId],
            Filters: [
              { Name: 'name', Values: names },
              { Name: 'state', Values: [state] },
            ],
          })
        ).length;
      assert.equal(await look(['other', name], 'available'), 1);
      assert.equal(await look(['other', name], 'pending'), 0);
    },
  },
  {
    name: 'are-gone-once-deregistered',
    title: 'A deregistered image is not found any more',
    page: `${API}/API_DeregisterImage.html`,
    run: async (stage) => {
      stage.needs('own images');
      const { ImageId: id = '' } = await stage.ec2.send(
        new RegisterImageCommand({ Name: stage.name('short-lived') }),
      );
      await stage.ec2.send(new DeregisterImageCommand({ ImageId: id }));
      const found = await describe(stage, { Filters: [{ Name: 'image-id', Values: [id] }] });
      assert.deepEqual(found, []);
    },
  },
  {
    name: 'names-are-unique',
    title: 'A second image of the same name is refused',
    run: async (stage) => {
      const name = stage.name('twice');
      await ownImage(stage, name);
      await refused(register(stage, name), { code: 'InvalidAMIName.Duplicate' });
    },
  },
  ...filters,
  ...refusals([
    {
      name: 'refuses-short-name',
      title: 'A name has at least three characters',
      code: 'InvalidAMIName.Malformed',
      call: async (stage) => register(stage, 'ab'),
    },
    {
      name: 'refuses-strange-characters',
      title: 'A name has no exclamation mark',
      code: 'InvalidAMIName.Malformed',
      call: async (stage) => register(stage, 'ahoy!'),
    },
    {
      name: 'refuses-unknown-id',
      title: 'Describing an image that is not there is refused',
      page: DESCRIBE,
      code: 'InvalidAMIID.NotFound',
      call: async (stage) => describe(stage, { ImageIds: ['ami-0123456789abcdef0'] }),
    },
    {
      name: 'refuses-unknown-filter',
      title: 'A filter that does not exist is refused',
      page: DESCRIBE,
      code: 'InvalidParameterValue',
      call: async (stage) =>
        describe(stage, { Owners: ['self'], Filters: [{ Name: 'colour', Values: ['red'] }] }),
    },
    {
      name: 'refuses-to-deregister-unknown',
      title: 'What is not there cannot be deregistered',
      page: `${API}/API_DeregisterImage.html`,
      code: ['InvalidAMIID.NotFound', 'InvalidAMIID.Unavailable'],
      call: async (stage) =>
        stage.ec2.send(new DeregisterImageCommand({ ImageId: 'ami-0123456789abcdef0' })),
    },
  ]),
];

export const imageScenarios = topic(
  { name: 'images', service: 'ec2', documentation: `${API}/API_RegisterImage.html` },
  behaviours,
);
