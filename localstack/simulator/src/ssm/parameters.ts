import type {
  DeleteParameterRequest,
  GetParameterRequest,
  GetParameterResult,
  GetParametersRequest,
  GetParametersResult,
  Parameter,
  PutParameterRequest,
  PutParameterResult,
} from '@aws-sdk/client-ssm';
import { AwsError } from '../wire/aws-error.js';
import type { Call, Handlers } from '../world/call.js';
import type { Scope } from '../world/scope.js';
import type { ParameterRecord } from './records.js';

const NAMES_MAX = 10;
const VALUE_BYTES_MAX = 4096;
const VERSIONS_MAX = 100;
const IMAGE_DATA_TYPE = 'aws:ec2:image';

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-ec2-aliases.html */
export const parameterHandlers: Handlers = {
  GetParameter: ({ scope }: Call, input: GetParameterRequest): GetParameterResult => {
    const found = findVersion(scope, input.Name ?? '');
    if (found === undefined) throw new AwsError('ParameterNotFound', '');
    return { Parameter: found };
  },
  GetParameters: ({ scope }: Call, input: GetParametersRequest): GetParametersResult => {
    const names = input.Names ?? [];
    if (names.length < 1 || names.length > NAMES_MAX)
      throw invalid(
        `1 validation error detected: Value at 'names' failed to satisfy constraint: Member must have length less than or equal to ${NAMES_MAX}`,
      );
    const found = names.map((name) => findVersion(scope, name));
    return {
      Parameters: found.filter((parameter) => parameter !== undefined),
      InvalidParameters: names.filter((_, index) => found[index] === undefined),
    };
  },
  PutParameter: ({ scope }: Call, input: PutParameterRequest): PutParameterResult => {
    const name = checkedName(input);
    const before = scope.tables.parameters.find(name);
    if (before !== undefined && input.Overwrite !== true)
      throw new AwsError(
        'ParameterAlreadyExists',
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
      );
    const type = before?.type ?? input.Type;
    if (type === undefined)
      throw invalid('A parameter type is required when you create a parameter.');
    const version = {
      version: (before?.versions.at(-1)?.version ?? 0) + 1,
      value: checkedValue(scope, input),
      dataType: input.DataType ?? 'text',
      modifiedAt: scope.now(),
    };
    const versions = [...(before?.versions ?? []), version].slice(-VERSIONS_MAX);
    scope.tables.parameters.put(name, { name, type, versions });
    return { Version: version.version, Tier: 'Standard' };
  },
  DeleteParameter: ({ scope }: Call, input: DeleteParameterRequest) => {
    if (scope.tables.parameters.find(input.Name ?? '') === undefined)
      throw new AwsError('ParameterNotFound', '');
    scope.tables.parameters.delete(input.Name ?? '');
    return {};
  },
};

/** A parameter by its name, `name:version`, or ARN; `undefined`: there is no such version. */
function findVersion(scope: Scope, selector: string): Parameter | undefined {
  const plain = selector.replace(/^arn:aws[\w-]*:ssm:[\w-]+:\d{12}:parameter(?=\/)/, '');
  const [, name = '', wanted] = /^([^:]+)(?::(.+))?$/.exec(plain) ?? [];
  const record = scope.tables.parameters.find(name) ?? scope.tables.parameters.find(name.slice(1));
  const version =
    wanted === undefined
      ? record?.versions.at(-1)
      : record?.versions.find((row) => String(row.version) === wanted);
  if (record === undefined || version === undefined) return undefined;
  return parameterView(scope, record, version);
}

function parameterView(
  scope: Scope,
  { name, type }: ParameterRecord,
  version: ParameterRecord['versions'][number],
): Parameter {
  return {
    Name: name,
    Type: type as NonNullable<Parameter['Type']>,
    Value: version.value,
    Version: version.version,
    LastModifiedDate: new Date(version.modifiedAt),
    ARN: `arn:aws:ssm:${scope.region}:${scope.account}:parameter${name.startsWith('/') ? '' : '/'}${name}`,
    DataType: version.dataType,
  };
}

function checkedName({ Name: name = '' }: PutParameterRequest): string {
  if (!/^[\w./-]{1,2048}$/.test(name) || (name.includes('/') && !name.startsWith('/')))
    throw invalid(
      'Parameter name must be a fully qualified name: letters, digits, and . - _ only, with a leading / when it has a path.',
    );
  if (/^\/?(aws|ssm)/i.test(name))
    throw new AwsError('AccessDeniedException', `No access to reserved parameter name: ${name}.`);
  return name;
}

function checkedValue(
  scope: Scope,
  { Value: value = '', DataType: dataType = 'text' }: PutParameterRequest,
): string {
  if (value === '' || Buffer.byteLength(value) > VALUE_BYTES_MAX)
    throw invalid(
      `Standard tier parameters support a maximum parameter value of ${VALUE_BYTES_MAX} characters.`,
    );
  if (dataType !== 'text' && dataType !== IMAGE_DATA_TYPE)
    throw invalid(`The following data type is not supported: ${dataType}`);
  // AWS checks the image after the call and then drops the parameter; here it is refused at once.
  if (dataType === IMAGE_DATA_TYPE && scope.tables.images.find(value)?.state !== 'available')
    throw invalid(`The parameter value is not a valid image: ${value}`);
  return value;
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
