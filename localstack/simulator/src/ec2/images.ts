import type {
  DeregisterImageRequest,
  DescribeImagesRequest,
  DescribeImagesResult,
  Image,
  RegisterImageRequest,
  RegisterImageResult,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../wire/aws-error.js';
import type { Call, Handlers } from '../world/call.js';
import type { Scope } from '../world/scope.js';
import { filtered, type FilterReaders } from './filters.js';
import type { ImageRecord } from './records.js';
import { setTags, specifiedTags, tagList, tagsOf } from './tags.js';

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AMIs.html */
export const imageHandlers: Handlers = {
  RegisterImage: ({ scope }: Call, input: RegisterImageRequest): RegisterImageResult => {
    const name = input.Name ?? '';
    if (!/^[A-Za-z0-9()[\] ./\-'@_]{3,128}$/.test(name)) {
      throw new AwsError(
        'InvalidAMIName.Malformed',
        `AMI names must be between 3 and 128 characters long, and may contain letters, numbers, '(', ')', '.', '-', '/' and '_'`,
      );
    }
    const taken = scope.tables.images
      .all()
      .find((image) => image.name === name && image.state === 'available');
    if (taken !== undefined) {
      throw new AwsError(
        'InvalidAMIName.Duplicate',
        `AMI name ${name} is already in use by AMI ${taken.imageId}`,
      );
    }
    const imageId = `ami-${scope.world.nextHex(17)}`;
    const record: ImageRecord = {
      imageId,
      name,
      request: input,
      createdAt: scope.now(),
      state: 'available',
      faulty: false,
    };
    scope.tables.images.put(imageId, record);
    setTags(scope, imageId, specifiedTags(input.TagSpecifications, 'image'));
    return { ImageId: imageId };
  },
  DeregisterImage: ({ scope }: Call, input: DeregisterImageRequest) => {
    const image = scope.tables.images.find(input.ImageId ?? '');
    if (image === undefined) throw notFound(input.ImageId);
    if (image.state === 'deregistered') {
      throw new AwsError(
        'InvalidAMIID.Unavailable',
        `The image id '[${image.imageId}]' is no longer available`,
      );
    }
    scope.tables.images.update(image.imageId, { state: 'deregistered' });
    return { Return: true };
  },
  DescribeImages: (
    { scope, reading }: Call,
    input: DescribeImagesRequest,
  ): DescribeImagesResult => {
    const named = input.ImageIds?.map((id) => {
      const image = scope.tables.images.find(id);
      if (image === undefined || image.state !== 'available') throw notFound(id);
      return image;
    });
    const owners = input.Owners ?? [];
    const rows = (named ?? scope.tables.images.all()).filter(
      (image) =>
        image.state === 'available' &&
        (owners.length === 0 || owners.includes('self') || owners.includes(scope.account)),
    );
    const page = reading.page({
      rows: filtered(rows, input.Filters, {
        readers: filterReaders(scope),
        tagsOf: ({ imageId }) => tagsOf(scope, imageId),
      }),
      key: (image) => image.imageId,
      token: input.NextToken,
      limit: input.MaxResults,
      max: 1000,
    });
    return {
      Images: page.items.map((image) => imageView(scope, image)),
      NextToken: page.nextToken,
    };
  },
};

function filterReaders(scope: Scope): FilterReaders<ImageRecord> {
  return {
    name: (image) => image.name,
    state: (image) => image.state,
    'image-id': (image) => image.imageId,
    'owner-id': () => scope.account,
    architecture: (image) => image.request.Architecture ?? 'i386',
    'root-device-type': () => 'ebs',
    'virtualization-type': (image) => image.request.VirtualizationType ?? 'paravirtual',
    description: (image) => image.request.Description,
    'is-public': () => 'false',
    'image-type': () => 'machine',
  };
}

function imageView(scope: Scope, image: ImageRecord): Image {
  const { request } = image;
  return {
    ImageId: image.imageId,
    Name: image.name,
    Description: request.Description,
    State: 'available',
    OwnerId: scope.account,
    ImageLocation: `${scope.account}/${image.name}`,
    ImageType: 'machine',
    Public: false,
    CreationDate: new Date(image.createdAt).toISOString(),
    Architecture: request.Architecture ?? 'i386',
    VirtualizationType: (request.VirtualizationType ?? 'paravirtual') as NonNullable<
      Image['VirtualizationType']
    >,
    RootDeviceType: 'ebs',
    RootDeviceName: request.RootDeviceName,
    BlockDeviceMappings: request.BlockDeviceMappings,
    EnaSupport: request.EnaSupport,
    Hypervisor: 'xen',
    Tags: tagList(scope, image.imageId),
  };
}

function notFound(imageId: string | undefined): AwsError {
  return new AwsError('InvalidAMIID.NotFound', `The image id '[${imageId}]' does not exist`);
}
