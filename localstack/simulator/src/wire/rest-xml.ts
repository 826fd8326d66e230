import { parseXML } from '@aws-sdk/xml-builder';
import { AwsError } from './aws-error.js';
import { findOperation, operationNamesOf, type ServiceName } from './sdk-model.js';
import type { HttpRoute, Member, Operation, Shape, Structure } from './shape.js';
import { XML, type WireFormat } from './wire-format.js';
import { writeError, writeRestReply } from './xml-writer.js';

/** A REST request as it came in. */
export interface RestRequest {
  readonly method: string;
  /** With the query string. */
  readonly path: string;
  readonly body: string;
  readonly requestId: string;
}

type Texts = Readonly<Record<string, string>>;

/**
 * REST with XML: method and path say which operation, labels in the path, query parameters and an XML document what it is
 * given. As strict as the other readers: an unknown parameter or element, a missing member, a value of the wrong type are
 * refused.
 */
export function restWording(
  service: ServiceName,
  request: RestRequest,
): { readonly action: string; readonly wire: WireFormat } {
  const url = new URL(request.path, 'http://stand-in');
  const { operation, labels } = routed(service, request.method, url.pathname);
  return {
    action: operation.name,
    wire: {
      read: () => readInput(operation, { labels, query: url.searchParams, body: request.body }),
      writeReply: ({ output, http }, reply) => ({
        type: XML,
        body: writeRestReply(service, operation, reply),
        headers: headersOf(output, reply),
        ...(http !== undefined && { status: http.status }),
      }),
      writeError: (error) => ({
        type: XML,
        body: writeError(service, error, request.requestId),
        headers: {},
      }),
    },
  };
}

function routed(
  service: ServiceName,
  method: string,
  path: string,
): { readonly operation: Operation; readonly labels: Texts } {
  for (const name of operationNamesOf(service)) {
    const operation = findOperation(service, name);
    const labels = operation?.http === undefined ? undefined : labelsIn(operation.http, path);
    if (operation?.http?.method === method && labels !== undefined) return { operation, labels };
  }
  throw new AwsError('UnknownOperationException', `There is no ${method} ${path}`, 404);
}

/** What stands where the route has its labels; `undefined`: it is another path. */
function labelsIn(route: HttpRoute, path: string): Texts | undefined {
  const wanted = route.path.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const labels: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const text = decodeURIComponent(given[index] ?? '');
    const [, label] = /^\{(\w+)\}$/.exec(part) ?? [];
    if (label === undefined ? part !== text : text === '') return undefined;
    if (label !== undefined) labels[label] = text;
  }
  return labels;
}

function readInput(
  { input }: Operation,
  from: { readonly labels: Texts; readonly query: URLSearchParams; readonly body: string },
): Readonly<Record<string, unknown>> {
  if (input === undefined) return {};
  const outside = input.members.filter(({ place }) => place.kind !== 'body');
  const result: Record<string, unknown> = {};
  const names = new Set<string>();
  for (const { name, place, shape } of outside) {
    if (place.kind === 'body') continue;
    names.add(place.name);
    const text = place.kind === 'label' ? from.labels[place.name] : from.query.get(place.name);
    if (text !== undefined && text !== null) result[name] = readSimple(text, shape().kind, name);
  }
  const unknown = [...from.query.keys()].find((name) => !names.has(name));
  if (unknown !== undefined) throw malformed(`Unexpected parameter: ${unknown}`);
  const inBody = input.members.filter(({ place }) => place.kind === 'body');
  if (inBody.length > 0) Object.assign(result, readBody(input, inBody, from.body));
  requireMembers(input.members, result, '');
  return result;
}

function readBody(
  { name }: Structure,
  members: readonly Member[],
  body: string,
): Readonly<Record<string, unknown>> {
  let document: unknown;
  try {
    document = parseXML(body);
  } catch {
    throw malformed('The request body is not well-formed XML');
  }
  const root: unknown = isObject(document) ? document[name] : undefined;
  if (root === undefined) throw malformed(`The request body is not a ${name}`);
  return readMembers(root, members, name);
}

function readMembers(
  value: unknown,
  members: readonly Member[],
  path: string,
): Readonly<Record<string, unknown>> {
  const known = new Map(members.map((member) => [member.xmlName, member]));
  const result: Record<string, unknown> = {};
  for (const [name, content] of Object.entries(isObject(value) ? value : {})) {
    if (name === 'xmlns') continue;
    const member = known.get(name);
    const place = `${path}.${name}`;
    if (member === undefined) throw malformed(`Unexpected element: ${place}`);
    result[member.name] = readValue(content, member.shape(), place);
  }
  return result;
}

function readValue(value: unknown, shape: Shape, path: string): unknown {
  switch (shape.kind) {
    case 'structure': {
      const members = readMembers(value, shape.members, path);
      requireMembers(shape.members, members, path);
      return members;
    }
    case 'list': {
      if (!isObject(value)) return [];
      const other = Object.keys(value).find((name) => name !== shape.memberName);
      if (other !== undefined) throw malformed(`Unexpected element: ${path}.${other}`);
      const items = [value[shape.memberName]].flat();
      return items.map((item: unknown) => readValue(item, shape.member(), path));
    }
    case 'map':
      throw malformed(`${path} is not understood`);
    default:
      if (typeof value !== 'string') throw malformed(`${path} is not a simple value`);
      return readSimple(value, shape.kind, path);
  }
}

function readSimple(text: string, kind: string, path: string): unknown {
  switch (kind) {
    case 'number':
      if (!/^-?\d+(\.\d+)?$/.test(text)) throw malformed(`${path}: '${text}' is not a number`);
      return Number(text);
    case 'boolean':
      if (!/^(true|false)$/.test(text)) throw malformed(`${path}: '${text}' is not a boolean`);
      return text === 'true';
    default:
      return text;
  }
}

function requireMembers(
  members: readonly Member[],
  given: Readonly<Record<string, unknown>>,
  path: string,
): void {
  const absent = members.find(({ required, name }) => required && given[name] === undefined);
  if (absent === undefined) return;
  throw new AwsError(
    'InvalidInput',
    `1 validation error detected: Value null at '${path === '' ? '' : `${path}.`}${absent.name}' failed to satisfy constraint: Member must not be null`,
  );
}

function headersOf(output: Structure | undefined, reply: unknown): Texts {
  const headers = (output?.members ?? []).flatMap(({ name, place }) => {
    const value: unknown = isObject(reply) ? reply[name] : undefined;
    return place.kind === 'header' && typeof value === 'string' ? [[place.name, value]] : [];
  });
  return Object.fromEntries(headers) as Texts;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function malformed(message: string): AwsError {
  return new AwsError('MalformedInput', message);
}
