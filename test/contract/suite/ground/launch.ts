import { randomBytes } from 'node:crypto';
import {
  CreateLaunchTemplateCommand,
  DeleteLaunchTemplateCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  RegisterImageCommand,
  type RequestLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import type { Stage } from '../stage.js';
import { required, tagged } from './network.js';

export interface Template {
  readonly id: string;
  readonly name: string;
  readonly imageId: string;
}

/** An image of one's own; without a snapshot, which only a double accepts. */
export async function ownImage(
  stage: Stage,
  name = stage.name(`image-${randomBytes(2).toString('hex')}`),
): Promise<string> {
  stage.needs('own images');
  const { ImageId: id } = await stage.ec2.send(
    new RegisterImageCommand({ Name: name, Architecture: 'x86_64', RootDeviceName: '/dev/xvda' }),
  );
  const imageId = required(id, 'the id of the image');
  stage.atEnd(async () => stage.ec2.send(new DeregisterImageCommand({ ImageId: imageId })));
  return imageId;
}

/** Any image that instances can be launched from. */
export async function anyImage(stage: Stage): Promise<string> {
  try {
    return await ownImage(stage);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'Skipped') throw error;
    const { Images: images } = await stage.ec2.send(
      new DescribeImagesCommand({
        Owners: ['amazon'],
        Filters: [{ Name: 'name', Values: ['al2023-ami-minimal-*-x86_64'] }],
      }),
    );
    return required(images?.[0]?.ImageId, 'an image of Amazon Linux');
  }
}

/** A launch template with one version: a t3.micro of any image, and what `data` adds. */
export async function template(
  stage: Stage,
  data: RequestLaunchTemplateData = {},
): Promise<Template> {
  const imageId = data.ImageId ?? (await anyImage(stage));
  const name = stage.name('template');
  const { LaunchTemplate: made } = await stage.ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: name,
      LaunchTemplateData: { ImageId: imageId, InstanceType: 't3.micro', ...data },
      TagSpecifications: [tagged(stage, 'launch-template')],
    }),
  );
  const id = required(made?.LaunchTemplateId, 'the id of the launch template');
  stage.atEnd(async () =>
    stage.ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId: id })),
  );
  return { id, name, imageId };
}
