import type { RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2';
import { validationError } from '../wire/aws-error.js';
import { QUOTAS } from './quotas.js';
import type { RequestShape } from './request-shape.js';

const ONCE = ['host-header', 'path-pattern', 'http-request-method', 'source-ip'];
const FIELDS = [...ONCE, 'http-header', 'query-string'];

/** The conditions when all are well formed. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html */
export function checkedConditions(
  conditions: readonly RuleCondition[] | undefined,
): readonly RuleCondition[] {
  const given = conditions ?? [];
  if (given.length === 0) throw validationError('A rule must have at least one condition');
  for (const condition of given) checkCondition(condition);
  for (const field of ONCE) {
    if (given.filter(({ Field }) => Field === field).length > 1)
      throw validationError(`A rule can only have one '${field}' condition`);
  }
  const values = given.flatMap(valuesOf);
  if (values.length > QUOTAS.conditionValuesPerRule)
    throw validationError(
      `A rule can only have '${QUOTAS.conditionValuesPerRule}' condition values`,
    );
  const wildcards = values.join('').replaceAll(/[^*?]/g, '').length;
  if (wildcards > QUOTAS.wildcardsPerRule)
    throw validationError(`A rule can only have '${QUOTAS.wildcardsPerRule}' condition wildcards`);
  return given;
}

/** Conditions of host and path are shown both ways, as AWS does. */
export function conditionView(condition: RuleCondition): RuleCondition {
  const Values = [...valuesOf(condition)];
  switch (condition.Field) {
    case 'host-header':
      return { Field: condition.Field, Values, HostHeaderConfig: { Values } };
    case 'path-pattern':
      return { Field: condition.Field, Values, PathPatternConfig: { Values } };
    default:
      return condition;
  }
}

/** True when the request meets every condition; one is met by any of its values. */
export function isMet(conditions: readonly RuleCondition[], request: RequestShape): boolean {
  return conditions.every((condition) => {
    switch (condition.Field) {
      case 'host-header':
        return valuesOf(condition).some((glob) =>
          matches(glob.toLowerCase(), request.host.toLowerCase()),
        );
      case 'path-pattern':
        return valuesOf(condition).some((glob) => matches(glob, request.path));
      case 'http-request-method':
        return valuesOf(condition).includes(request.method);
      case 'source-ip':
        return valuesOf(condition).some((cidr) => isWithin(request.sourceIp, cidr));
      case 'http-header': {
        const name = condition.HttpHeaderConfig?.HttpHeaderName?.toLowerCase() ?? '';
        const value = request.headers[name]?.toLowerCase();
        return (
          value !== undefined &&
          valuesOf(condition).some((glob) => matches(glob.toLowerCase(), value))
        );
      }
      default:
        return meetsQuery(condition, request.query);
    }
  });
}

function meetsQuery(condition: RuleCondition, query: RequestShape['query']): boolean {
  return (condition.QueryStringConfig?.Values ?? []).some(({ Key: key, Value: value = '' }) =>
    Object.entries(query).some(
      ([name, text]) =>
        (key === undefined || matches(key.toLowerCase(), name.toLowerCase())) &&
        matches(value.toLowerCase(), text.toLowerCase()),
    ),
  );
}

function valuesOf(condition: RuleCondition): readonly string[] {
  switch (condition.Field) {
    case 'host-header':
      return condition.HostHeaderConfig?.Values ?? condition.Values ?? [];
    case 'path-pattern':
      return condition.PathPatternConfig?.Values ?? condition.Values ?? [];
    case 'http-header':
      return condition.HttpHeaderConfig?.Values ?? [];
    case 'http-request-method':
      return condition.HttpRequestMethodConfig?.Values ?? [];
    case 'source-ip':
      return condition.SourceIpConfig?.Values ?? [];
    default:
      return (condition.QueryStringConfig?.Values ?? []).map(
        ({ Key: key = '', Value: value = '' }) => `${key}=${value}`,
      );
  }
}

const PATTERNS: Readonly<Record<string, RegExp>> = {
  'host-header': /^[A-Za-z0-9\-.*?]{1,128}$/,
  'path-pattern': /^[\w\-.$/~"'@:+&*?]{1,128}$/,
  'http-request-method': /^[A-Z\-_]{1,40}$/,
  'source-ip': /^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$|^[0-9a-fA-F:]+\/\d{1,3}$/,
  'http-header': /^[\x20-\x7e]{1,128}$/,
  'query-string': /^[\x20-\x7e]{1,257}$/,
};

function checkCondition(condition: RuleCondition): void {
  const field = condition.Field ?? '';
  if (!FIELDS.includes(field))
    throw validationError(`Condition field '${field}' must be one of '[${FIELDS.join(', ')}]'`);
  const values = valuesOf(condition);
  if (values.length === 0)
    throw validationError(`A condition value must be specified for '${field}'`);
  const wrong = values.find((value) => PATTERNS[field]?.test(value) !== true);
  if (wrong !== undefined)
    throw validationError(`Condition value '${wrong}' is not valid for '${field}'`);
  const header = condition.HttpHeaderConfig?.HttpHeaderName;
  if (field === 'http-header' && !/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,40}$/.test(header ?? ''))
    throw validationError(`HTTP header name '${header}' is not valid`);
  if (field === 'http-header' && header?.toLowerCase() === 'host')
    throw validationError(`Use a 'host-header' condition for the Host header`);
}

/** `*` stands for any characters, `?` for exactly one. */
function matches(glob: string, text: string): boolean {
  const source = glob
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

function isWithin(ip: string, cidr: string): boolean {
  const [base = '', bits = '32'] = cidr.split('/');
  if (base.includes(':')) return ip === base;
  const shift = 32 - Number(bits);
  return Math.floor(numberOf(ip) / 2 ** shift) === Math.floor(numberOf(base) / 2 ** shift);
}

function numberOf(ip: string): number {
  return ip.split('.').reduce((number, part) => number * 256 + Number(part), 0);
}
