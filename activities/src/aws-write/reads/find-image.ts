import type { AwsWriteActivities } from '@gennaker/contract/wire';
import { GennakerError, type FindImageStage } from '@gennaker/domain';
import type { AwsActivityDependencies } from '../../aws-activity-dependencies.js';
import { reading } from '../../call-options.js';

/** The newest available image (EC2 DescribeImages). Throws IMAGE_NOT_FOUND; a second call looks again. */
export function createFindImage({ aws }: AwsActivityDependencies): AwsWriteActivities['findImage'] {
  return async ({ context, stage }) => {
    const region = aws.region(stage.account, stage.region);
    const { owners, imageName: name, tags } = stage;
    const [newest] = await region.findImages({ owners, name, tags }, reading(context.priority));
    if (newest === undefined) throw imageNotFound(stage);
    return { imageId: newest.imageId, imageName: newest.name, createdAt: newest.createdAt };
  };
}

function imageNotFound({
  account,
  region,
  owners,
  imageName,
  tags,
}: FindImageStage): GennakerError {
  const wanted = [
    ...(imageName === undefined ? [] : [`name "${imageName}"`]),
    ...Object.entries(tags ?? {}).map(([key, value]) => `tag ${key}=${value}`),
  ].join(' and ');
  return new GennakerError(
    'IMAGE_NOT_FOUND',
    `No available image with ${wanted} belongs to ${owners.join(' or ')} in ${account} ${region}. ` +
      'Check the name, the tags and the owners; an image of another account needs that account in `owners`.',
    { details: { account, region, owners } },
  );
}
