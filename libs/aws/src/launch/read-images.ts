import { DescribeImagesCommand, type Image } from '@aws-sdk/client-ec2';
import { GennakerError } from '@gennaker/domain';
import type { AwsCaller } from '../calling/aws-caller.js';
import type { ImageDetails, ImageQuery } from '../aws-reads.js';
import type { CallOptions } from '../call-options.js';
import { collectPages } from '../calling/pages.js';
import { requiredField, tagMap } from '../calling/required-field.js';

/** Largest page of DescribeImages. */
const imagesPerPage = 1_000;

/** See AwsReads. Owners are required: by name alone anybody could publish a newer image (clouddriver-aws 2.3 step 4). */
export async function findImages(
  caller: AwsCaller,
  query: ImageQuery,
  options: CallOptions,
): Promise<readonly ImageDetails[]> {
  if (query.owners.length === 0) {
    throw new GennakerError(
      'INVALID_REQUEST',
      'An image can only be looked for by owner; none was given.',
    );
  }
  const images = await collectPages('images', async (token) => {
    const command = new DescribeImagesCommand({
      Owners: [...query.owners],
      Filters: filtersOf(query),
      MaxResults: imagesPerPage,
      NextToken: token,
    });
    const reply = await caller.ec2(command, { ...options, resource: resourceOf(query) });
    return { items: reply.Images ?? [], next: reply.NextToken };
  });
  return images.map(toImageDetails).toSorted(newestFirst);
}

function filtersOf({ name, tags }: ImageQuery) {
  return [
    { Name: 'state', Values: ['available'] },
    ...(name === undefined ? [] : [{ Name: 'name', Values: [name] }]),
    ...Object.entries(tags ?? {}).map(([key, value]) => ({ Name: `tag:${key}`, Values: [value] })),
  ];
}

function resourceOf({ name, owners }: ImageQuery): string {
  return `images ${name ?? 'by tags'} of ${owners.join(', ')}`;
}

function toImageDetails(image: Image): ImageDetails {
  return {
    imageId: requiredField(image.ImageId, 'ImageId'),
    name: image.Name ?? '',
    createdAt: requiredField(image.CreationDate, 'CreationDate'),
    ownerId: image.OwnerId ?? null,
    architecture: image.Architecture ?? null,
    tags: tagMap(image.Tags),
  };
}

/** Equal times are told apart by id, so that the same images always come in the same order. */
function newestFirst(one: ImageDetails, other: ImageDetails): number {
  if (one.createdAt === other.createdAt) return one.imageId < other.imageId ? -1 : 1;
  return one.createdAt > other.createdAt ? -1 : 1;
}
