import { AwsError } from './aws-error.js';
import type { Shape, Structure } from './shape.js';

/**
 * Reads the body of a JSON call (AWS JSON 1.0 and 1.1) into the SDK's input shape, as strictly as the query reader:
 * an unknown member, a missing required one and a value of the wrong type are refused.
 */
export function readJsonInput(
  body: string,
  shape: Structure | undefined,
): Readonly<Record<string, unknown>> {
  const value = parse(body);
  if (shape === undefined) return {};
  return readStructure(value, shape, '');
}

/** The body of a reply: instants as epoch seconds, members that are not set left out. */
export function writeJsonOutput(shape: Structure | undefined, output: unknown): string {
  return JSON.stringify(shape === undefined ? {} : (writeValue(shape, output) ?? {}));
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body === '' ? '{}' : body);
  } catch {
    throw new AwsError('SerializationException', 'Could not parse the request body as JSON');
  }
}

function readValue(value: unknown, shape: Shape, path: string): unknown {
  switch (shape.kind) {
    case 'structure':
      return readStructure(value, shape, path);
    case 'list':
      if (!Array.isArray(value)) throw wrongType(path, 'a list');
      return value.map((item: unknown, index) =>
        readValue(item, shape.member(), `${path}.${index + 1}`),
      );
    case 'map':
      if (!isObject(value)) throw wrongType(path, 'a map');
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [
          key,
          readValue(item, shape.value(), `${path}.${key}`),
        ]),
      );
    default:
      return readSimple(value, shape.kind, path);
  }
}

function readStructure(
  value: unknown,
  shape: Structure,
  path: string,
): Readonly<Record<string, unknown>> {
  if (!isObject(value)) throw wrongType(path, 'a structure');
  const known = new Map(shape.members.map((member) => [member.name, member]));
  const result: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) {
    const member = known.get(name);
    const place = path === '' ? name : `${path}.${name}`;
    if (member === undefined)
      throw new AwsError('SerializationException', `Unexpected member: ${place}`);
    if (item !== null) result[name] = readValue(item, member.shape(), place);
  }
  const absent = shape.members.find(({ required, name }) => required && result[name] === undefined);
  if (absent === undefined) return result;
  const place = path === '' ? absent.name : `${path}.${absent.name}`;
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value null at '${place.charAt(0).toLowerCase()}${place.slice(1)}' failed to satisfy constraint: Member must not be null`,
  );
}

function readSimple(value: unknown, kind: string, path: string): unknown {
  if (kind === 'timestamp') {
    const instant = typeof value === 'number' ? value * 1000 : Date.parse(String(value));
    if (Number.isNaN(instant)) throw wrongType(path, 'a timestamp');
    return new Date(instant);
  }
  if (kind === 'blob') return Buffer.from(String(value), 'base64');
  // JSON has no word for them: NaN and the infinities come as texts.
  if (kind === 'number' && typeof value === 'string' && /^(NaN|-?Infinity)$/.test(value))
    return Number(value);
  if (typeof value !== kind) throw wrongType(path, `a ${kind}`);
  return value;
}

function writeValue(shape: Shape, value: unknown): unknown {
  if (value === undefined || value === null) return undefined;
  switch (shape.kind) {
    case 'structure':
      return Object.fromEntries(
        shape.members.flatMap(({ name, shape: member }) => {
          const written = writeValue(member(), Reflect.get(value, name) as unknown);
          return written === undefined ? [] : [[name, written]];
        }),
      );
    case 'list':
      return Array.isArray(value)
        ? value.map((item: unknown) => writeValue(shape.member(), item))
        : [];
    case 'map':
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, writeValue(shape.value(), item)]),
      );
    case 'timestamp':
      return new Date(value as string | number | Date).getTime() / 1000;
    case 'blob':
      return Buffer.from(value as Uint8Array).toString('base64');
    default:
      return value;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrongType(path: string, wanted: string): AwsError {
  return new AwsError('SerializationException', `${path || 'The body'} is not ${wanted}`);
}
