import { AwsError, validationError } from './aws-error.js';
import type { Member, Shape, Structure } from './shape.js';

/** The parameters of a request as a tree: `Filter.1.Name=a` becomes Filter → 1 → Name = a. */
interface Node {
  value?: string;
  readonly children: Map<string, Node>;
}

export interface ReadingRules {
  readonly dialect: 'ec2' | 'query';
}

const DEPTH_MAX = 24;

/** Splits a form body into its parameters; a later one of the same name wins, as with AWS. */
export function parseForm(body: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const pair of body.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = equals < 0 ? pair : pair.slice(0, equals);
    parameters.set(decode(name), equals < 0 ? '' : decode(pair.slice(equals + 1)));
  }
  return parameters;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new AwsError('MalformedQueryString', 'The query string contains a syntax error.');
  }
}

/**
 * Reads the parameters of a call into the SDK's input shape, strictly: an unknown parameter, a missing required
 * member and a value of the wrong type are refused in the words of the service.
 */
export function readInput(
  parameters: ReadonlyMap<string, string>,
  shape: Structure | undefined,
  rules: ReadingRules,
): Readonly<Record<string, unknown>> {
  const root: Node = { children: new Map() };
  for (const [name, value] of parameters) {
    if (name !== 'Action' && name !== 'Version') insert(root, name, value);
  }
  if (shape !== undefined) return readStructure(root, shape, { ...rules, path: '' });
  const [unexpected] = root.children.keys();
  if (unexpected !== undefined) throw unknownParameter(unexpected, rules);
  return {};
}

interface Place extends ReadingRules {
  readonly path: string;
}

function insert(root: Node, name: string, value: string): void {
  const steps = name.split('.');
  if (steps.length > DEPTH_MAX)
    throw new AwsError('MalformedQueryString', `The parameter ${name} is nested too deeply.`);
  let node = root;
  for (const step of steps) {
    let child = node.children.get(step);
    if (child === undefined) {
      child = { children: new Map() };
      node.children.set(step, child);
    }
    node = child;
  }
  node.value = value;
}

function readValue(node: Node, shape: Shape, place: Place): unknown {
  switch (shape.kind) {
    case 'structure':
      return readStructure(node, shape, place);
    case 'list':
      return readList(node, shape, place);
    case 'map':
      return readMap(node, shape, place);
    default:
      return readSimple(node, shape.kind, place);
  }
}

function readStructure(
  node: Node,
  shape: Structure,
  place: Place,
): Readonly<Record<string, unknown>> {
  const result: Record<string, unknown> = {};
  for (const [name, child] of node.children) {
    const member = shape.queryNames.get(name);
    const path = join(place.path, name);
    if (member === undefined) throw unknownParameter(path, place);
    result[member.name] = readValue(child, member.shape(), { ...place, path });
  }
  for (const member of shape.members) {
    if (member.required && result[member.name] === undefined) throw missingParameter(member, place);
  }
  return result;
}

function readList(node: Node, shape: Shape & { kind: 'list' }, place: Place): readonly unknown[] {
  // The query protocol wraps items in `member` (or the model's name); EC2's puts the numbers right behind the name.
  const items = place.dialect === 'ec2' ? node : node.children.get(shape.memberName);
  if (items === undefined) {
    const [unexpected] = node.children.keys();
    if (unexpected !== undefined) throw unknownParameter(join(place.path, unexpected), place);
    return [];
  }
  return [...items.children]
    .map(([index, child]) => ({ index: itemNumber(index, place), child }))
    .toSorted((a, b) => a.index - b.index)
    .map(({ index, child }) =>
      readValue(child, shape.member(), { ...place, path: join(place.path, String(index)) }),
    );
}

function itemNumber(text: string, place: Place): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw unknownParameter(join(place.path, text), place);
  return Number(text);
}

function readMap(
  node: Node,
  shape: Shape & { kind: 'map' },
  place: Place,
): Readonly<Record<string, unknown>> {
  const entries = [...(node.children.get('entry') ?? node).children.values()];
  return Object.fromEntries(
    entries.map((entry) => {
      const key = entry.children.get(shape.keyName)?.value;
      const value = entry.children.get(shape.valueName);
      if (key === undefined || value === undefined) throw unknownParameter(place.path, place);
      return [key, readValue(value, shape.value(), { ...place, path: join(place.path, key) })];
    }),
  );
}

function readSimple(node: Node, kind: string, place: Place): unknown {
  const [unexpected] = node.children.keys();
  if (unexpected !== undefined) throw unknownParameter(join(place.path, unexpected), place);
  const text = node.value ?? '';
  switch (kind) {
    case 'number':
      if (!/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)) throw wrongValue(text, place, 'a number');
      return Number(text);
    case 'boolean':
      if (!/^(true|false)$/i.test(text)) throw wrongValue(text, place, 'a boolean');
      return text.toLowerCase() === 'true';
    case 'timestamp':
      if (Number.isNaN(Date.parse(text))) throw wrongValue(text, place, 'a timestamp');
      return new Date(text);
    case 'blob':
      return Buffer.from(text, 'base64');
    default:
      return text;
  }
}

function join(path: string, step: string): string {
  return path === '' ? step : `${path}.${step}`;
}

function unknownParameter(path: string, rules: ReadingRules): AwsError {
  return rules.dialect === 'ec2'
    ? new AwsError('UnknownParameter', `The parameter ${path} is not recognized`)
    : validationError(`Unexpected parameter: ${path}`);
}

function missingParameter(member: Member, place: Place): AwsError {
  const path = join(place.path, member.queryName);
  if (place.dialect === 'ec2') {
    return new AwsError('MissingParameter', `The request must contain the parameter ${path}`);
  }
  const name = path.charAt(0).toLowerCase() + path.slice(1);
  return validationError(
    `1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`,
  );
}

function wrongValue(text: string, place: Place, wanted: string): AwsError {
  return place.dialect === 'ec2'
    ? new AwsError(
        'InvalidParameterValue',
        `Value (${text}) for parameter ${place.path} is invalid. Expected ${wanted}.`,
      )
    : new AwsError('MalformedInput', `${place.path}: '${text}' is not ${wanted}`);
}
