import {
  AutoScalingClient,
  paginateDescribeAutoScalingGroups,
  type AutoScalingGroup,
} from '@aws-sdk/client-auto-scaling';
import {
  EC2Client,
  paginateDescribeLaunchTemplates,
  type LaunchTemplate,
} from '@aws-sdk/client-ec2';

import type { Gennaker } from '../support/e2e/gennaker.js';

/** What carries our tags in the account now. */
export interface Ours {
  readonly serverGroups: readonly string[];
  /** Launch templates that no server group uses. */
  readonly unusedLaunchTemplates: readonly string[];
}

const ourTag = 'gennaker:execution';

/** Reads, through the SDK, everything that deployments have made and not taken away. */
export async function readOurs(gennaker: Gennaker): Promise<Ours> {
  const settings = {
    endpoint: gennaker.aws.url,
    region: gennaker.seeded.region,
    credentials: { accessKeyId: gennaker.seeded.accountId, secretAccessKey: 'stand-in' },
  };
  const autoScaling = new AutoScalingClient(settings);
  const ec2 = new EC2Client(settings);
  try {
    const groups: AutoScalingGroup[] = [];
    for await (const page of paginateDescribeAutoScalingGroups({ client: autoScaling }, {})) {
      groups.push(...(page.AutoScalingGroups ?? []));
    }
    const templates: LaunchTemplate[] = [];
    const Filters = [{ Name: 'tag-key', Values: [ourTag] }];
    for await (const page of paginateDescribeLaunchTemplates({ client: ec2 }, { Filters })) {
      templates.push(...(page.LaunchTemplates ?? []));
    }
    const used = new Set(groups.map((group) => group.LaunchTemplate?.LaunchTemplateId));
    return {
      serverGroups: groups
        .filter((group) => group.Tags?.some(({ Key: key }) => key === ourTag) ?? false)
        .map((group) => group.AutoScalingGroupName ?? '')
        .toSorted(),
      unusedLaunchTemplates: templates
        .filter((template) => !used.has(template.LaunchTemplateId))
        .map((template) => template.LaunchTemplateName ?? ''),
    };
  } finally {
    autoScaling.destroy();
    ec2.destroy();
  }
}
