import * as autoScaling from '@aws-sdk/client-auto-scaling';
import * as cloudWatch from '@aws-sdk/client-cloudwatch';
import * as ec2 from '@aws-sdk/client-ec2';
import * as elb from '@aws-sdk/client-elastic-load-balancing-v2';
import * as route53 from '@aws-sdk/client-route-53';
import * as serviceQuotas from '@aws-sdk/client-service-quotas';
import * as ssm from '@aws-sdk/client-ssm';
import * as sts from '@aws-sdk/client-sts';
import type { HttpRoute, Member, MemberPlace, Operation, Shape, Structure } from './shape.js';

/** The services that the stand-in answers, by the name in a request's credential scope. */
export const SERVICES = {
  ec2: {
    version: '2016-11-15',
    dialect: 'ec2',
    module: ec2,
    namespace: 'http://ec2.amazonaws.com/doc/2016-11-15/',
  },
  autoscaling: {
    version: '2011-01-01',
    dialect: 'query',
    module: autoScaling,
    namespace: 'http://autoscaling.amazonaws.com/doc/2011-01-01/',
  },
  elasticloadbalancing: {
    version: '2015-12-01',
    dialect: 'query',
    module: elb,
    namespace: 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/',
  },
  sts: {
    version: '2011-06-15',
    dialect: 'query',
    module: sts,
    namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  },
  monitoring: {
    version: '2010-08-01',
    dialect: 'query',
    module: cloudWatch,
    namespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
  },
  route53: {
    version: '2013-04-01',
    dialect: 'rest',
    module: route53,
    namespace: 'https://route53.amazonaws.com/doc/2013-04-01/',
  },
  ssm: {
    version: '2014-11-06',
    dialect: 'query',
    module: ssm,
    namespace: 'http://ssm.amazonaws.com/doc/2014-11-06/',
  },
  servicequotas: {
    version: '2019-06-24',
    dialect: 'query',
    module: serviceQuotas,
    namespace: 'http://servicequotas.amazonaws.com/doc/2019-06-24/',
  },
} as const;

export type ServiceName = keyof typeof SERVICES;

/** What a JSON call's `x-amz-target` begins with, before the dot and the operation. */
export const JSON_TARGETS: Readonly<Record<string, ServiceName>> = {
  GraniteServiceVersion20100801: 'monitoring',
  AmazonSSM: 'ssm',
  ServiceQuotasV20190624: 'servicequotas',
};

type Dialect = 'ec2' | 'query' | 'rest';
type Traits = Readonly<Record<string, unknown>>;

const compiled = new Map<unknown, Shape>();
const operations = new Map<string, Operation | undefined>();

/** True when the text names a service that the stand-in answers. */
export function isServiceName(text: string): text is ServiceName {
  return Object.hasOwn(SERVICES, text);
}

/**
 * Finds an operation in the AWS SDK's own run-time schemas (exports whose names end in `$`); `undefined` when
 * AWS has none of that name. This is the only file that knows the layout of those schemas, which is not a
 * public contract of the SDK: the SDK's version is pinned, and a test fails when the layout moves.
 */
export function findOperation(service: ServiceName, action: string): Operation | undefined {
  const key = `${service}:${action}`;
  if (!operations.has(key)) operations.set(key, readOperation(service, action));
  return operations.get(key);
}

/** The names of all operations that AWS's service has, also of those that the stand-in has not. */
export function operationNamesOf(service: ServiceName): readonly string[] {
  return Object.entries<unknown>(SERVICES[service].module).flatMap(([name, schema]) =>
    name.endsWith('$') && Array.isArray(schema) && schema[0] === 9 ? [name.slice(0, -1)] : [],
  );
}

/** The name of the error whose code in the query protocol is this one; `undefined`: the service models none. */
export function findErrorName(service: ServiceName, code: string): string | undefined {
  const errors = errorNames.get(service) ?? readErrorNames(service);
  errorNames.set(service, errors);
  return errors.get(code);
}

const errorNames = new Map<ServiceName, ReadonlyMap<string, string>>();

function readErrorNames(service: ServiceName): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const schema of Object.values<unknown>(SERVICES[service].module)) {
    if (!Array.isArray(schema) || schema[0] !== -3 || !isTraits(schema[3])) continue;
    const queryError = schema[3]['awsQueryError'];
    if (Array.isArray(queryError)) names.set(String(queryError[0]), String(schema[2]));
  }
  return names;
}

function readOperation(service: ServiceName, action: string): Operation | undefined {
  const { module, dialect } = SERVICES[service];
  const schema: unknown = /^\w+$/.test(action) ? Reflect.get(module, `${action}$`) : undefined;
  if (!Array.isArray(schema) || schema[0] !== 9) return undefined;
  return {
    name: action,
    input: structureOf(schema[4], dialect),
    output: structureOf(schema[5], dialect),
    ...routeOf(schema[3]),
  };
}

function routeOf(traits: unknown): { readonly http?: HttpRoute } {
  const http: unknown = isTraits(traits) ? traits['http'] : undefined;
  if (!Array.isArray(http)) return {};
  const [method, path, status] = http as readonly unknown[];
  return { http: { method: String(method), path: String(path), status: Number(status) } };
}

function structureOf(reference: unknown, dialect: Dialect): Structure | undefined {
  const shape = compile(dereference(reference), dialect);
  return shape?.kind === 'structure' ? shape : undefined;
}

function dereference(reference: unknown): unknown {
  return isThunk(reference) ? dereference(reference()) : reference;
}

function isThunk(value: unknown): value is () => unknown {
  return typeof value === 'function';
}

/** A reference is a schema, a function that returns one, or a pair of either with traits. */
function splitTraits(reference: unknown): { readonly schema: unknown; readonly traits: Traits } {
  const value = dereference(reference);
  if (!Array.isArray(value) || value.length !== 2) return { schema: value, traits: {} };
  const inner = splitTraits(value[0]);
  const own: unknown = value[1];
  return { schema: inner.schema, traits: { ...inner.traits, ...ownTraits(own) } };
}

/** Traits without a value are the bits of a number, of which the lowest is httpLabel. */
function ownTraits(own: unknown): Traits {
  if (typeof own === 'number') return own % 2 === 1 ? { httpLabel: true } : {};
  return isTraits(own) ? own : {};
}

function isTraits(value: unknown): value is Traits {
  return typeof value === 'object' && value !== null;
}

function compile(schema: unknown, dialect: Dialect): Shape | undefined {
  if (typeof schema === 'number') return compileSimple(schema, dialect);
  if (!Array.isArray(schema)) return undefined;
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const shape = compileStatic(schema, dialect);
  if (shape !== undefined) compiled.set(schema, shape);
  return shape;
}

/** Simple schemas are numbers: 0 string, 1 number, 2 boolean, 4-7 timestamps, 21 blob; 64 + n is a list of n. */
function compileSimple(schema: number, dialect: Dialect): Shape {
  if (schema >= 128) return mapShape(0, schema - 128, dialect);
  if (schema >= 64) return listShape(schema - 64, dialect);
  if (schema === 2) return { kind: 'boolean' };
  if (schema === 21) return { kind: 'blob' };
  if (schema >= 4 && schema <= 7) return { kind: 'timestamp' };
  return { kind: schema === 0 ? 'string' : 'number' };
}

/** Static schemas are tuples [kind, namespace, name, traits, …]: 0 simple, 1 list, 2 map, 3 structure, 4 union. */
function compileStatic(schema: readonly unknown[], dialect: Dialect): Shape | undefined {
  switch (schema[0]) {
    case 0:
      return compile(dereference(schema[4]), dialect);
    case 1:
      return listShape(schema[4], dialect);
    case 2:
      return mapShape(schema[4], schema[5], dialect);
    case 3:
    case 4:
      return structureShape(schema, dialect);
    default:
      return undefined;
  }
}

function listShape(reference: unknown, dialect: Dialect): Shape {
  return {
    kind: 'list',
    memberName: nameOf(reference) ?? 'member',
    member: shapeOf(reference, dialect),
  };
}

function mapShape(key: unknown, value: unknown, dialect: Dialect): Shape {
  return {
    kind: 'map',
    keyName: nameOf(key) ?? 'key',
    valueName: nameOf(value) ?? 'value',
    value: shapeOf(value, dialect),
  };
}

function nameOf(reference: unknown): string | undefined {
  const name = splitTraits(reference).traits['xmlName'];
  return typeof name === 'string' ? name : undefined;
}

function shapeOf(reference: unknown, dialect: Dialect): () => Shape {
  let shape: Shape | undefined;
  return () => (shape ??= compile(splitTraits(reference).schema, dialect) ?? { kind: 'string' });
}

function structureShape(schema: readonly unknown[], dialect: Dialect): Structure {
  const [, , name, , names, references, requiredCount] = schema;
  if (!Array.isArray(names) || !Array.isArray(references)) {
    throw new Error(
      `The AWS SDK's schema of ${String(name)} has another layout than the one this file knows`,
    );
  }
  const members = names.map((memberName: string, index): Member => {
    const { traits } = splitTraits(references[index]);
    const xmlName = textTrait(traits, 'xmlName') ?? memberName;
    return {
      name: memberName,
      xmlName,
      queryName:
        dialect === 'ec2' ? (textTrait(traits, 'ec2QueryName') ?? capitalized(xmlName)) : xmlName,
      required: typeof requiredCount === 'number' && index < requiredCount,
      place: placeOf(memberName, traits),
      shape: shapeOf(references[index], dialect),
    };
  });
  const queryNames = new Map(members.map((member) => [member.queryName, member]));
  return { kind: 'structure', name: String(name), members, queryNames };
}

/** Where a member of a REST call stands. */
function placeOf(memberName: string, traits: Traits): MemberPlace {
  const query = textTrait(traits, 'httpQuery');
  if (query !== undefined) return { kind: 'query', name: query };
  const header = textTrait(traits, 'httpHeader');
  if (header !== undefined) return { kind: 'header', name: header };
  return traits['httpLabel'] === true ? { kind: 'label', name: memberName } : { kind: 'body' };
}

function textTrait(traits: Traits, name: string): string | undefined {
  const value = traits[name];
  return typeof value === 'string' ? value : undefined;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
