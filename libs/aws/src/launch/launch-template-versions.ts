import {
  CreateLaunchTemplateVersionCommand,
  DeleteLaunchTemplateVersionsCommand,
  DescribeLaunchTemplateVersionsCommand,
} from '@aws-sdk/client-ec2';
import type { LaunchTemplateVersionRef } from '@gennaker/domain';
import type { AwsCaller } from '../calling/aws-caller.js';
import type { CallOptions } from '../call-options.js';
import { isCode } from '../calling/is-code.js';
import { overrideLaunchData } from './launch-template-data.js';
import { operationToken } from '../operation-identity.js';
import { collectPages } from '../calling/pages.js';
import type {
  CreateLaunchTemplateVersionRequest,
  DeleteLaunchTemplateVersionOutcome,
} from '../refreshes/refresh-calls.js';
import { requiredField } from '../calling/required-field.js';
import { descriptionOf, isDescribedAs } from './version-description.js';

/** Largest page of DescribeLaunchTemplateVersions. */
const versionsPerPage = 200;

/** See RefreshWrites. */
export async function createLaunchTemplateVersion(
  caller: AwsCaller,
  request: CreateLaunchTemplateVersionRequest,
  options: CallOptions,
): Promise<LaunchTemplateVersionRef> {
  const { launchTemplateId, sourceVersion, imageId, instanceType, owner } = request;
  const command = new CreateLaunchTemplateVersionCommand({
    // The SDK would fill in another token on each send, and a repeat would make a second version (clouddriver-aws 7.1).
    ClientToken: operationToken(owner.operationKey),
    LaunchTemplateId: launchTemplateId,
    SourceVersion: sourceVersion,
    VersionDescription: descriptionOf(owner),
    // EC2 copies the rest from the source by itself, user data and fields that we do not know included.
    LaunchTemplateData: overrideLaunchData({}, { imageId, instanceType }),
  });
  const reply = await caller.ec2(command, { ...options, resource: launchTemplateId });
  const made = requiredField(reply.LaunchTemplateVersion, 'LaunchTemplateVersion');
  const number = requiredField(made.VersionNumber, 'VersionNumber');
  return { launchTemplateId, version: String(number) };
}

/** See RefreshReads. */
export async function findLaunchTemplateVersion(
  caller: AwsCaller,
  query: {
    readonly launchTemplateId: string;
    readonly aboveVersion: string;
    readonly operationKey: string;
  },
  options: CallOptions,
): Promise<LaunchTemplateVersionRef | undefined> {
  const { launchTemplateId, aboveVersion, operationKey } = query;
  const newer = await collectPages(`versions of ${launchTemplateId}`, async (NextToken) => {
    const command = new DescribeLaunchTemplateVersionsCommand({
      LaunchTemplateId: launchTemplateId,
      MinVersion: String(Number(aboveVersion) + 1),
      MaxResults: versionsPerPage,
      NextToken,
    });
    const reply = await caller.ec2(command, { ...options, resource: launchTemplateId });
    return { items: reply.LaunchTemplateVersions ?? [], next: reply.NextToken };
  });
  const found = newer.find((one) => isDescribedAs(one.VersionDescription, operationKey));
  if (found === undefined) return undefined;
  const number = requiredField(found.VersionNumber, 'VersionNumber');
  return { launchTemplateId, version: String(number) };
}

/** See RefreshWrites. */
export async function deleteLaunchTemplateVersion(
  caller: AwsCaller,
  { launchTemplateId, version }: LaunchTemplateVersionRef,
  options: CallOptions,
): Promise<DeleteLaunchTemplateVersionOutcome> {
  const resource = `${launchTemplateId} version ${version}`;
  const command = new DeleteLaunchTemplateVersionsCommand({
    LaunchTemplateId: launchTemplateId,
    Versions: [version],
  });
  try {
    const reply = await caller.ec2(command, { ...options, resource });
    const refused = reply.UnsuccessfullyDeletedLaunchTemplateVersions?.[0]?.ResponseError;
    if (refused === undefined) return { outcome: 'deleted', reason: null };
    if (refused.Code?.endsWith('DoesNotExist') === true) return { outcome: 'gone', reason: null };
    return { outcome: 'kept', reason: refused.Message ?? refused.Code ?? 'no reason given' };
  } catch (error) {
    if (isCode(error, 'AWS_NOT_FOUND')) return { outcome: 'gone', reason: null };
    throw error;
  }
}
