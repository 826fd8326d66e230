import type {
  DeleteLaunchTemplateVersionsRequest,
  DeleteLaunchTemplateVersionsResult,
  DescribeLaunchTemplatesRequest,
  DescribeLaunchTemplatesResult,
  DescribeLaunchTemplateVersionsRequest,
  DescribeLaunchTemplateVersionsResult,
  LaunchTemplate,
  LaunchTemplateVersion,
  ResponseError,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../wire/aws-error.js';
import type { Call, Handlers } from '../world/call.js';
import type { Scope } from '../world/scope.js';
import { filtered, type FilterReaders } from './filters.js';
import type { LaunchTemplateRecord, LaunchTemplateVersionRecord } from './records.js';
import { tagList, tagsOf } from './tags.js';

interface TemplateReference {
  readonly LaunchTemplateId?: string | undefined;
  readonly LaunchTemplateName?: string | undefined;
}

/** Reading launch templates, and deleting versions. */
const TEMPLATE_FILTERS: FilterReaders<LaunchTemplateRecord> = {
  'launch-template-name': (template) => template.name,
  'create-time': (template) => new Date(template.createdAt).toISOString(),
};

export const launchTemplateReadHandlers: Handlers = {
  DescribeLaunchTemplates: (
    { scope, reading }: Call,
    input: DescribeLaunchTemplatesRequest,
  ): DescribeLaunchTemplatesResult => {
    const seen = scope.tables.templates.allAsOf(reading.asOf);
    for (const id of input.LaunchTemplateIds ?? []) {
      if (!seen.some((template) => template.id === id)) throw idNotFound(id);
    }
    for (const name of input.LaunchTemplateNames ?? []) {
      if (!seen.some((template) => template.name === name)) throw nameNotFound();
    }
    const rows = seen.filter(
      (template) =>
        (input.LaunchTemplateIds?.includes(template.id) ?? true) &&
        (input.LaunchTemplateNames?.includes(template.name) ?? true),
    );
    const page = reading.page({
      rows: filtered(rows, input.Filters, {
        readers: TEMPLATE_FILTERS,
        tagsOf: ({ id }) => tagsOf(scope, id),
      }),
      key: (row) => row.id,
      token: input.NextToken,
      limit: input.MaxResults,
      max: 200,
    });
    return {
      LaunchTemplates: page.items.map((row) => templateView(scope, row)),
      NextToken: page.nextToken,
    };
  },
  DescribeLaunchTemplateVersions: (
    { scope, reading }: Call,
    input: DescribeLaunchTemplateVersionsRequest,
  ): DescribeLaunchTemplateVersionsResult => {
    const template = findTemplate(scope, input, reading.asOf);
    if (template === undefined) throw notFound(input);
    const all = scope.tables.versions.allAsOf(reading.asOf, {
      name: 'template',
      value: template.id,
    });
    const wanted = input.Versions?.map((version) => versionNumber(template, version));
    for (const number of wanted ?? []) {
      if (!all.some((row) => row.version === number))
        throw versionNotFound(template, String(number));
    }
    const rows = all.filter(
      (row) =>
        (wanted?.includes(row.version) ?? true) &&
        row.version >= Number(input.MinVersion ?? 0) &&
        row.version <= Number(input.MaxVersion ?? Number.MAX_SAFE_INTEGER),
    );
    const page = reading.page({
      rows,
      key: versionKey,
      token: input.NextToken,
      limit: input.MaxResults,
      max: 200,
    });
    return {
      LaunchTemplateVersions: page.items.map((row) => versionView(scope, row)),
      NextToken: page.nextToken,
    };
  },
  DeleteLaunchTemplateVersions: (
    { scope }: Call,
    input: DeleteLaunchTemplateVersionsRequest,
  ): DeleteLaunchTemplateVersionsResult => {
    const template = getTemplate(scope, input);
    const all = scope.tables.versions.where('template', template.id);
    const numbers = (input.Versions ?? []).map((version) => versionNumber(template, version));
    const isKept = (version: number): boolean =>
      version === template.defaultVersion || !all.some((row) => row.version === version);
    const deleted = numbers.filter((version) => !isKept(version));
    for (const row of all) {
      if (deleted.includes(row.version)) scope.tables.versions.delete(versionKey(row));
    }
    const left = scope.tables.versions.where('template', template.id);
    const latestVersion = Math.max(...left.map(({ version }) => version));
    scope.tables.templates.update(template.id, { latestVersion });
    return {
      SuccessfullyDeletedLaunchTemplateVersions: deleted.map((version) => named(template, version)),
      UnsuccessfullyDeletedLaunchTemplateVersions: numbers.filter(isKept).map((version) => ({
        ...named(template, version),
        ResponseError: whyKept(template, version),
      })),
    };
  },
};

function whyKept(template: LaunchTemplateRecord, version: number): ResponseError {
  return version === template.defaultVersion
    ? {
        Code: 'unexpectedError',
        Message: 'The default version of a launch template cannot be deleted.',
      }
    : {
        Code: 'launchTemplateVersionDoesNotExist',
        Message: versionNotFound(template, String(version)).message,
      };
}

function named(template: LaunchTemplateRecord, version: number) {
  return {
    LaunchTemplateId: template.id,
    LaunchTemplateName: template.name,
    VersionNumber: version,
  };
}

export function versionKey(version: LaunchTemplateVersionRecord): string {
  return `${version.templateId}:${String(version.version).padStart(6, '0')}`;
}

/** The template that a call names by id or by name (exactly one of them), or EC2's refusal. */
export function getTemplate(scope: Scope, reference: TemplateReference): LaunchTemplateRecord {
  const template = findTemplate(scope, reference);
  if (template === undefined) throw notFound(reference);
  return template;
}

/** A version by number, `$Latest` or `$Default`, or EC2's refusal. */
export function getVersion(
  scope: Scope,
  template: LaunchTemplateRecord,
  version: string,
): LaunchTemplateVersionRecord {
  const number = versionNumber(template, version);
  const key = versionKey({
    templateId: template.id,
    version: number,
  } as LaunchTemplateVersionRecord);
  const found = scope.tables.versions.find(key);
  if (found === undefined) throw versionNotFound(template, version);
  return found;
}

export function templateView(scope: Scope, template: LaunchTemplateRecord): LaunchTemplate {
  return {
    LaunchTemplateId: template.id,
    LaunchTemplateName: template.name,
    CreateTime: new Date(template.createdAt),
    CreatedBy: creator(scope),
    DefaultVersionNumber: template.defaultVersion,
    LatestVersionNumber: template.latestVersion,
    Tags: tagList(scope, template.id),
  };
}

export function versionView(
  scope: Scope,
  version: LaunchTemplateVersionRecord,
): LaunchTemplateVersion {
  const template = scope.tables.templates.find(version.templateId);
  return {
    LaunchTemplateId: version.templateId,
    LaunchTemplateName: template?.name,
    VersionNumber: version.version,
    VersionDescription: version.description,
    CreateTime: new Date(version.createdAt),
    CreatedBy: creator(scope),
    DefaultVersion: template?.defaultVersion === version.version,
    // The request's members and the reply's have the same names; only some of their types differ.
    LaunchTemplateData: version.data,
  };
}

function findTemplate(
  scope: Scope,
  reference: TemplateReference,
  asOf?: number,
): LaunchTemplateRecord | undefined {
  const { LaunchTemplateId: id, LaunchTemplateName: name } = reference;
  if ((id === undefined) === (name === undefined)) {
    throw new AwsError(
      'MissingParameter',
      'Either a launch template ID or a launch template name must be specified in the request.',
    );
  }
  const all =
    asOf === undefined ? scope.tables.templates.all() : scope.tables.templates.allAsOf(asOf);
  return all.find((template) => template.id === id || template.name === name);
}

function versionNumber(template: LaunchTemplateRecord, version: string): number {
  if (version === '$Latest') return template.latestVersion;
  if (version === '$Default') return template.defaultVersion;
  if (!/^\d+$/.test(version)) {
    throw new AwsError(
      'InvalidParameterValue',
      `Invalid launch template version: either '$Default', '$Latest', or a numeric version are allowed.`,
    );
  }
  return Number(version);
}

function creator(scope: Scope): string {
  return `arn:aws:iam::${scope.account}:root`;
}

function notFound({ LaunchTemplateId: id }: TemplateReference): AwsError {
  return id === undefined ? nameNotFound() : idNotFound(id);
}

function idNotFound(id: string): AwsError {
  return new AwsError(
    'InvalidLaunchTemplateId.NotFound',
    `The specified launch template, with template ID ${id}, does not exist.`,
  );
}

function nameNotFound(): AwsError {
  return new AwsError(
    'InvalidLaunchTemplateName.NotFoundException',
    'At least one of the launch templates specified in the request does not exist.',
  );
}

function versionNotFound(template: LaunchTemplateRecord, version: string): AwsError {
  return new AwsError(
    'InvalidLaunchTemplateId.VersionNotFound',
    `Could not find the specified version ${version} for the launch template with ID ${template.id}.`,
  );
}
