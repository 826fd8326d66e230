import {
  ownerTagKeys,
  type CreateAutoScalingGroupRequest,
  type CreateLaunchTemplateRequest,
} from '@gennaker/aws';
import { GennakerError } from '@gennaker/domain';
import { asWrite, type AwsBench } from './aws-bench.js';

/** Who makes everything in these tests. */
export const owner = {
  executionId: '01JEXECUTION',
  stage: 'deploy',
  operationKey: '01JEXECUTION/deploy/1/create/web-v001',
};

/** A clone of the ground's launch template with another instance type. */
export async function templateRequest(bench: AwsBench): Promise<CreateLaunchTemplateRequest> {
  const query = { launchTemplateId: bench.ground.templateId, version: '$Latest' };
  const source = await bench.region.describeLaunchTemplateVersion(query, asWrite);
  return {
    launchTemplateName: 'web-v001',
    source: source.data,
    overrides: { imageId: bench.ground.imageId, instanceType: 'm7i.large' },
    owner,
  };
}

/** A group with every setting that is carried over. */
export function groupRequest(bench: AwsBench): CreateAutoScalingGroupRequest {
  return {
    serverGroup: 'web-v001',
    launchTemplate: { launchTemplateId: bench.ground.templateId, version: '1' },
    subnetIds: bench.ground.subnetIds,
    targetGroupArns: [bench.ground.targetGroupArn],
    healthCheckType: 'ELB',
    healthCheckGraceSeconds: 600,
    cooldownSeconds: 10,
    terminationPolicies: ['OldestInstance'],
    tags: [
      { key: 'team', value: 'web', propagateAtLaunch: true },
      { key: ownerTagKeys.execution, value: 'somebody-else', propagateAtLaunch: true },
    ],
    owner,
  };
}

/** What a call gives, or its error as data. */
export async function outcomeOf(call: Promise<unknown>): Promise<unknown> {
  return call.catch((error: unknown) => {
    if (!(error instanceof GennakerError)) throw error;
    return { code: error.code, message: error.message, details: error.details };
  });
}
