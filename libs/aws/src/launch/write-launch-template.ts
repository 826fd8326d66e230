import { CreateLaunchTemplateCommand, DeleteLaunchTemplateCommand } from '@aws-sdk/client-ec2';
import type { AwsCaller } from '../calling/aws-caller.js';
import type {
  CreateLaunchTemplateOutcome,
  CreateLaunchTemplateRequest,
  DeleteLaunchTemplateOutcome,
} from '../aws-writes.js';
import type { CallOptions } from '../call-options.js';
import { isCode } from '../calling/is-code.js';
import { overrideLaunchData } from './launch-template-data.js';
import { operationToken, ownerTags } from '../operation-identity.js';
import { requiredField } from '../calling/required-field.js';
import { openLaunchData } from './sealed-launch-data.js';

/** See AwsWrites. */
export async function createLaunchTemplate(
  caller: AwsCaller,
  request: CreateLaunchTemplateRequest,
  options: CallOptions,
): Promise<CreateLaunchTemplateOutcome> {
  const { launchTemplateName, owner } = request;
  const source = request.source === null ? {} : openLaunchData(request.source);
  const data = overrideLaunchData(source, request.overrides);
  const tags = ownerTags(owner, { launchTemplateName, data });
  const command = new CreateLaunchTemplateCommand({
    // The SDK would fill in another token on each send, and a repeat would make a second template (clouddriver-aws 7.1).
    ClientToken: operationToken(owner.operationKey),
    LaunchTemplateName: launchTemplateName,
    LaunchTemplateData: data,
    TagSpecifications: [
      {
        ResourceType: 'launch-template',
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      },
    ],
  });
  try {
    const reply = await caller.ec2(command, { ...options, resource: launchTemplateName });
    const template = requiredField(reply.LaunchTemplate, 'LaunchTemplate');
    return {
      outcome: 'created',
      launchTemplateId: requiredField(template.LaunchTemplateId, 'LaunchTemplateId'),
      version: String(requiredField(template.LatestVersionNumber, 'LatestVersionNumber')),
    };
  } catch (error) {
    if (isCode(error, 'NAME_CONFLICT')) return { outcome: 'alreadyExists' };
    throw error;
  }
}

/** See AwsWrites. */
export async function deleteLaunchTemplate(
  caller: AwsCaller,
  launchTemplateId: string,
  options: CallOptions,
): Promise<DeleteLaunchTemplateOutcome> {
  const command = new DeleteLaunchTemplateCommand({ LaunchTemplateId: launchTemplateId });
  try {
    await caller.ec2(command, { ...options, resource: launchTemplateId });
    return { outcome: 'deleted' };
  } catch (error) {
    if (isCode(error, 'AWS_NOT_FOUND')) return { outcome: 'gone' };
    throw error;
  }
}
