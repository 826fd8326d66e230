import { DescribeLaunchConfigurationsCommand } from '@aws-sdk/client-auto-scaling';
import {
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  ResponseLaunchTemplateData$,
  type RequestLaunchTemplateData,
  type ResponseLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import { GennakerError } from '@gennaker/domain';
import type { AwsCaller } from '../calling/aws-caller.js';
import type { LaunchTemplateDetails } from '../aws-reads.js';
import type { CallOptions } from '../call-options.js';
import { visibilitySeconds } from '../calling/fault-table.js';
import {
  fromLaunchConfiguration,
  lostFromLaunchConfiguration,
} from './launch-configuration-data.js';
import type { LaunchConfigurationDetails, LaunchTemplateVersionDetails } from './launch-data.js';
import { summaryOf } from './launch-template-data.js';
import { collectPages } from '../calling/pages.js';
import { requiredField, tagMap } from '../calling/required-field.js';
import { sealLaunchData } from './sealed-launch-data.js';
import { makerOf } from './version-description.js';
import { unknownFields } from '../load-balancing/unknown-fields.js';

/** See AwsReads. Reads the reply's text besides, to find fields that the SDK would drop. */
export async function describeLaunchTemplateVersion(
  caller: AwsCaller,
  query: { readonly launchTemplateId: string; readonly version: string },
  options: CallOptions,
): Promise<LaunchTemplateVersionDetails> {
  const resource = `${query.launchTemplateId} version ${query.version}`;
  let text = '';
  const command = new DescribeLaunchTemplateVersionsCommand({
    LaunchTemplateId: query.launchTemplateId,
    Versions: [query.version],
  });
  const onBody = (body: string): void => void (text = body);
  const reply = await caller.ec2(command, { ...options, resource, onBody });
  const found = reply.LaunchTemplateVersions?.[0];
  if (found === undefined) throw notThere('launch template', resource);
  const response = found.LaunchTemplateData ?? {};
  const data = toRequestData(response);
  return {
    launchTemplateId: query.launchTemplateId,
    launchTemplateName: requiredField(found.LaunchTemplateName, 'LaunchTemplateName'),
    version: String(requiredField(found.VersionNumber, 'VersionNumber')),
    madeBy: makerOf(found.VersionDescription),
    data: sealLaunchData(data),
    summary: summaryOf(data),
    unknownFields: [
      ...unknownFields(text, 'launchTemplateData', ResponseLaunchTemplateData$),
      ...notRequestable(response),
    ],
  };
}

/** See AwsReads. By filter: a name that is not there is then an empty list and no error. */
export async function findLaunchTemplate(
  caller: AwsCaller,
  launchTemplateName: string,
  options: CallOptions,
): Promise<LaunchTemplateDetails | undefined> {
  const templates = await collectPages(`launch template ${launchTemplateName}`, async (token) => {
    const command = new DescribeLaunchTemplatesCommand({
      Filters: [{ Name: 'launch-template-name', Values: [launchTemplateName] }],
      NextToken: token,
    });
    const reply = await caller.ec2(command, { ...options, resource: launchTemplateName });
    return { items: reply.LaunchTemplates ?? [], next: reply.NextToken };
  });
  const found = templates.find((template) => template.LaunchTemplateName === launchTemplateName);
  return (
    found && {
      launchTemplateId: requiredField(found.LaunchTemplateId, 'LaunchTemplateId'),
      launchTemplateName,
      defaultVersion: String(requiredField(found.DefaultVersionNumber, 'DefaultVersionNumber')),
      latestVersion: String(requiredField(found.LatestVersionNumber, 'LatestVersionNumber')),
      tags: tagMap(found.Tags),
    }
  );
}

/** See AwsReads. */
export async function describeLaunchConfiguration(
  caller: AwsCaller,
  launchConfigurationName: string,
  options: CallOptions,
): Promise<LaunchConfigurationDetails> {
  const command = new DescribeLaunchConfigurationsCommand({
    LaunchConfigurationNames: [launchConfigurationName],
  });
  const reply = await caller.autoscaling(command, {
    ...options,
    resource: launchConfigurationName,
  });
  const found = reply.LaunchConfigurations?.[0];
  if (found === undefined) throw notThere('launch configuration', launchConfigurationName);
  const data = fromLaunchConfiguration(found);
  return {
    launchConfigurationName,
    data: sealLaunchData(data),
    summary: summaryOf(data),
    unknownFields: lostFromLaunchConfiguration(found),
  };
}

/**
 * A reply has the fields of a request (a test compares the SDK's schemas) besides those that only AWS sets: whether the
 * metadata options are applied yet, and who manages the template. Their types differ in what may be absent only.
 */
function toRequestData(response: ResponseLaunchTemplateData): RequestLaunchTemplateData {
  const { MetadataOptions: metadata, Operator: _operator, ...rest } = response;
  const { State: _state, ...requested } = metadata ?? {};
  const data = metadata === undefined ? rest : { ...rest, MetadataOptions: requested };
  return data as RequestLaunchTemplateData;
}

/** Fields of a reply that no request can set. */
function notRequestable(response: ResponseLaunchTemplateData): readonly string[] {
  const addresses = (response.NetworkInterfaces ?? []).flatMap((one) => one.Ipv6Addresses ?? []);
  return [
    ...(response.Operator?.Managed === true ? ['operator'] : []),
    ...(addresses.some((one) => one.IsPrimaryIpv6 === true) ? ['isPrimaryIpv6'] : []),
  ];
}

function notThere(kind: string, name: string): GennakerError {
  return new GennakerError('AWS_NOT_FOUND', `There is no ${kind} ${name}.`, {
    details: { resource: name, retryForSeconds: visibilitySeconds },
  });
}
