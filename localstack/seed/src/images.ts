import {
  paginateDescribeImages,
  RegisterImageCommand,
  type EC2Client,
  type Image,
} from '@aws-sdk/client-ec2';
import { ensured, required } from './ensured.js';

/** An image `web-{version}`, tagged with its application and version. */
export async function ensureImage(
  ec2: EC2Client,
  version: string,
  log: (line: string) => void,
): Promise<string> {
  const name = `web-${version}`;
  return ensured(`image ${name}`, log, {
    find: async () => {
      const images: Image[] = [];
      const filters = [{ Name: 'name', Values: [name] }];
      for await (const page of paginateDescribeImages(
        { client: ec2 },
        { Owners: ['self'], Filters: filters },
      )) {
        images.push(...(page.Images ?? []));
      }
      return images[0]?.ImageId;
    },
    make: async () => {
      const { ImageId: id } = await ec2.send(
        new RegisterImageCommand({
          Name: name,
          Description: `web ${version}`,
          Architecture: 'x86_64',
          VirtualizationType: 'hvm',
          RootDeviceName: '/dev/xvda',
          EnaSupport: true,
          TagSpecifications: [
            {
              ResourceType: 'image',
              Tags: [
                { Key: 'application', Value: 'web' },
                { Key: 'version', Value: version },
              ],
            },
          ],
        }),
      );
      return required(id, `the id of the image ${name}`);
    },
  });
}
