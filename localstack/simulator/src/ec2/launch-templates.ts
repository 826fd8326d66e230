import type {
  CreateLaunchTemplateRequest,
  CreateLaunchTemplateResult,
  CreateLaunchTemplateVersionRequest,
  CreateLaunchTemplateVersionResult,
  DeleteLaunchTemplateRequest,
  DeleteLaunchTemplateResult,
  ModifyLaunchTemplateRequest,
  ModifyLaunchTemplateResult,
  RequestLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../wire/aws-error.js';
import type { Call, Handlers } from '../world/call.js';
import type { Scope } from '../world/scope.js';
import { findReplay, rememberToken } from './client-token.js';
import {
  getTemplate,
  getVersion,
  templateView,
  versionKey,
  versionView,
} from './launch-template-views.js';
import type { LaunchTemplateRecord, LaunchTemplateVersionRecord } from './records.js';
import { setTags, specifiedTags } from './tags.js';

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-launch-templates.html */
export const launchTemplateHandlers: Handlers = {
  CreateLaunchTemplate: (
    { scope }: Call,
    input: CreateLaunchTemplateRequest,
  ): CreateLaunchTemplateResult => {
    const use = { action: 'CreateLaunchTemplate', token: input.ClientToken, request: input };
    const replayed = findReplay(scope, use);
    if (replayed !== undefined) {
      return {
        LaunchTemplate: templateView(
          scope,
          getTemplate(scope, { LaunchTemplateId: replayed.resourceId }),
        ),
      };
    }
    const template = createTemplate(scope, input);
    rememberToken(scope, use, { resourceId: template.id, version: 1 });
    return { LaunchTemplate: templateView(scope, template) };
  },
  CreateLaunchTemplateVersion: (
    { scope }: Call,
    input: CreateLaunchTemplateVersionRequest,
  ): CreateLaunchTemplateVersionResult => {
    const use = { action: 'CreateLaunchTemplateVersion', token: input.ClientToken, request: input };
    const replayed = findReplay(scope, use);
    if (replayed !== undefined) {
      const version = getVersion(
        scope,
        getTemplate(scope, { LaunchTemplateId: replayed.resourceId }),
        String(replayed.version),
      );
      return { LaunchTemplateVersion: versionView(scope, version) };
    }
    const version = createVersion(scope, input);
    rememberToken(scope, use, { resourceId: version.templateId, version: version.version });
    return { LaunchTemplateVersion: versionView(scope, version) };
  },
  ModifyLaunchTemplate: (
    { scope }: Call,
    input: ModifyLaunchTemplateRequest,
  ): ModifyLaunchTemplateResult => {
    const template = getTemplate(scope, input);
    const version = getVersion(scope, template, input.DefaultVersion ?? '$Default');
    scope.tables.templates.update(template.id, { defaultVersion: version.version });
    return { LaunchTemplate: templateView(scope, getTemplate(scope, input)) };
  },
  DeleteLaunchTemplate: (
    { scope }: Call,
    input: DeleteLaunchTemplateRequest,
  ): DeleteLaunchTemplateResult => {
    const template = getTemplate(scope, input);
    const view = templateView(scope, template);
    for (const version of scope.tables.versions.where('template', template.id)) {
      scope.tables.versions.delete(versionKey(version));
    }
    scope.tables.templates.delete(template.id);
    scope.tables.tags.delete(template.id);
    return { LaunchTemplate: view };
  },
};

function createTemplate(scope: Scope, input: CreateLaunchTemplateRequest): LaunchTemplateRecord {
  const name = input.LaunchTemplateName ?? '';
  if (!/^[a-zA-Z0-9().\-/_]{3,128}$/.test(name)) {
    throw new AwsError(
      'InvalidLaunchTemplateName.MalformedException',
      'The launch template name must be between 3 and 128 characters, and may contain letters, numbers, and the following characters: ( ) . - / _',
    );
  }
  if (scope.tables.templates.where('name', name).length > 0) {
    throw new AwsError(
      'InvalidLaunchTemplateName.AlreadyExistsException',
      'Launch template name already in use.',
    );
  }
  const template: LaunchTemplateRecord = {
    id: `lt-${scope.world.nextHex(17)}`,
    name,
    createdAt: scope.now(),
    defaultVersion: 1,
    latestVersion: 1,
    versionsMade: 1,
  };
  scope.tables.templates.put(template.id, template);
  putVersion(scope, {
    templateId: template.id,
    version: 1,
    description: input.VersionDescription,
    createdAt: scope.now(),
    data: input.LaunchTemplateData ?? {},
  });
  setTags(scope, template.id, specifiedTags(input.TagSpecifications, 'launch-template'));
  return template;
}

/** "Any parameters that you specify in LaunchTemplateData override the same parameters in the source version." */
function createVersion(
  scope: Scope,
  input: CreateLaunchTemplateVersionRequest,
): LaunchTemplateVersionRecord {
  const template = getTemplate(scope, input);
  const source: RequestLaunchTemplateData =
    input.SourceVersion === undefined ? {} : getVersion(scope, template, input.SourceVersion).data;
  const version: LaunchTemplateVersionRecord = {
    templateId: template.id,
    version: template.versionsMade + 1,
    description: input.VersionDescription,
    createdAt: scope.now(),
    data: { ...source, ...input.LaunchTemplateData },
  };
  putVersion(scope, version);
  scope.tables.templates.update(template.id, {
    latestVersion: version.version,
    versionsMade: version.version,
  });
  return version;
}

function putVersion(scope: Scope, version: LaunchTemplateVersionRecord): void {
  scope.tables.versions.put(versionKey(version), version);
}
