import type { AutoScalingGroup, LaunchTemplateSpecification } from '@aws-sdk/client-auto-scaling';
import type { TagSpecification } from '@aws-sdk/client-ec2';
import { getTemplate, getVersion } from '../../ec2/launch-template-views.js';
import type { LaunchRequest } from '../../ec2/instance-lifecycle.js';
import { AwsError, validationError } from '../../wire/aws-error.js';
import type { Scope } from '../../world/scope.js';
import type { GroupRecord, LaunchSource } from '../records.js';

/** What a create or update call names as its launch source. */
export interface LaunchSourceInput {
  readonly LaunchTemplate?: LaunchTemplateSpecification | undefined;
  readonly LaunchConfigurationName?: string | undefined;
  readonly MixedInstancesPolicy?:
    | {
        readonly LaunchTemplate?:
          | { readonly LaunchTemplateSpecification?: LaunchTemplateSpecification | undefined }
          | undefined;
      }
    | undefined;
}

/** One of the ways to launch an instance of a group; `undefined`: as the source says. */
export interface LaunchOption {
  readonly source: LaunchSource;
  readonly instanceType: string | undefined;
  readonly imageId: string | undefined;
  readonly weight: number;
}

/** The launch source that a call names, checked; `undefined` when it names none. */
export function resolveLaunchSource(
  scope: Scope,
  input: LaunchSourceInput,
): LaunchSource | undefined {
  const given = [
    input.LaunchTemplate,
    input.LaunchConfigurationName,
    input.MixedInstancesPolicy,
  ].filter((source) => source !== undefined);
  if (given.length === 0) return undefined;
  if (given.length > 1) {
    throw validationError(
      'Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or MixedInstancesPolicy parameter.',
    );
  }
  if (input.LaunchConfigurationName !== undefined) {
    if (scope.tables.configurations.find(input.LaunchConfigurationName) === undefined) {
      throw validationError(
        `Launch configuration name not found - Launch configuration ${input.LaunchConfigurationName} not found`,
      );
    }
    return { kind: 'configuration', name: input.LaunchConfigurationName };
  }
  const specification =
    input.LaunchTemplate ?? input.MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification;
  return templateSource(scope, specification ?? {});
}

/** The launch source with its version as a number: what an instance launched now is made from. */
export function pinnedSource(scope: Scope, source: LaunchSource): LaunchSource {
  if (source.kind === 'configuration') return source;
  const template = getTemplate(scope, { LaunchTemplateId: source.id });
  return { ...source, version: String(getVersion(scope, template, source.version).version) };
}

/** What to launch, but for the subnet. Throws EC2's refusal when template, version or image are not there. */
export function launchRequestOf(
  scope: Scope,
  group: GroupRecord,
  option: LaunchOption,
): Omit<LaunchRequest, 'subnetId'> {
  const { source, instanceType, imageId } = option;
  const found =
    source.kind === 'configuration'
      ? requestOfConfiguration(scope, source.name)
      : requestOfTemplate(scope, source);
  const request = {
    ...found,
    instanceType: instanceType ?? found.instanceType,
    imageId: imageId ?? found.imageId,
  };
  const image = scope.tables.images.find(request.imageId);
  if (image === undefined || image.state !== 'available') {
    throw new AwsError(
      'InvalidAMIID.NotFound',
      `The image id '[${request.imageId}]' does not exist`,
    );
  }
  const propagated = group.tags
    .filter(({ PropagateAtLaunch: isPropagated }) => isPropagated === true)
    .map(({ Key: key = '', Value: value = '' }) => [key, value] as const);
  const tags = {
    ...request.tags,
    ...Object.fromEntries(propagated),
    'aws:autoscaling:groupName': group.name,
  };
  return { ...request, tags };
}

/** How a group or an instance shows its launch source. */
export function launchSourceView(
  source: LaunchSource | { readonly kind: 'none' },
): Pick<AutoScalingGroup, 'LaunchTemplate' | 'LaunchConfigurationName'> {
  if (source.kind === 'none') return {};
  return source.kind === 'configuration'
    ? { LaunchConfigurationName: source.name }
    : {
        LaunchTemplate: {
          LaunchTemplateId: source.id,
          LaunchTemplateName: source.name,
          Version: source.version,
        },
      };
}

/** The launch template that a specification names, checked. */
export function templateSource(
  scope: Scope,
  specification: LaunchTemplateSpecification,
): LaunchSource {
  const {
    LaunchTemplateId: id,
    LaunchTemplateName: name,
    Version: version = '$Default',
  } = specification;
  if ((id === undefined) === (name === undefined)) {
    throw validationError(
      'Valid requests must contain either launchTemplateId or LaunchTemplateName',
    );
  }
  const template = scope.tables.templates.all().find((row) => row.id === id || row.name === name);
  if (template === undefined) {
    throw validationError(
      `You must use a valid fully-formed launch template. The specified launch template, with template ${id === undefined ? 'name' : 'ID'} ${id ?? name}, does not exist.`,
    );
  }
  const checked = asValidation(() => getVersion(scope, template, version));
  if (checked.data.ImageId === undefined) {
    throw validationError(
      'You must use a valid fully-formed launch template. The request must contain the parameter ImageId',
    );
  }
  return { kind: 'template', id: template.id, name: template.name, version };
}

/** Auto Scaling passes EC2's refusals on in a sentence of its own. */
function asValidation<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw validationError(`You must use a valid fully-formed launch template. ${error.message}`);
  }
}

type SourceRequest = Omit<LaunchRequest, 'subnetId'>;

function requestOfTemplate(
  scope: Scope,
  source: Extract<LaunchSource, { kind: 'template' }>,
): SourceRequest {
  const { data } = getVersion(
    scope,
    getTemplate(scope, { LaunchTemplateId: source.id }),
    source.version,
  );
  return {
    imageId: data.ImageId ?? '',
    instanceType: data.InstanceType ?? 'm1.small',
    securityGroupIds: data.SecurityGroupIds ?? data.NetworkInterfaces?.[0]?.Groups ?? [],
    keyName: data.KeyName,
    profileName: data.IamInstanceProfile?.Name ?? data.IamInstanceProfile?.Arn?.split('/').at(-1),
    tags: {
      ...instanceTags(data.TagSpecifications ?? []),
      'aws:ec2launchtemplate:id': source.id,
      'aws:ec2launchtemplate:version': source.version,
    },
  };
}

function instanceTags(
  specifications: readonly TagSpecification[],
): Readonly<Record<string, string>> {
  const tags = specifications
    .filter(({ ResourceType: type }) => type === 'instance')
    .flatMap(({ Tags }) => Tags ?? []);
  return Object.fromEntries(tags.map((tag) => [tag.Key ?? '', tag.Value ?? '']));
}

function requestOfConfiguration(scope: Scope, name: string): SourceRequest {
  const request = scope.tables.configurations.find(name)?.request;
  return {
    imageId: request?.ImageId ?? '',
    instanceType: request?.InstanceType ?? 'm1.small',
    securityGroupIds: request?.SecurityGroups ?? [],
    keyName: request?.KeyName,
    profileName: request?.IamInstanceProfile,
    tags: {},
  };
}
