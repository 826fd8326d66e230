import { GennakerError } from '@gennaker/domain';
import { xmlSteps } from './xml-elements.js';

/** What the SDK knows of one element: a structure's members, a list's or a map's members, or just a value. */
type Known =
  | { readonly kind: 'structure'; readonly members: ReadonlyMap<string, unknown> }
  | { readonly kind: 'list'; readonly member: unknown }
  | { readonly kind: 'map'; readonly value: unknown }
  | { readonly kind: 'value' };

interface Frame {
  readonly name: string;
  /** Null: below an element that the SDK does not know, or outside of the part that is looked at. */
  readonly known: Known | null;
  readonly unknownPath: string | null;
}

/**
 * The fields with content, by path on the wire, that lie below `element` in a reply and that the SDK's schema does not
 * know: the SDK leaves them out without a word, so a clone made from its object would lose them. The layout of the
 * SDK's schemas is not a public contract: its version is pinned, and a test fails when the layout moves.
 */
export function unknownFields(xml: string, element: string, schema: unknown): readonly string[] {
  const found = new Set<string>();
  const frames: Frame[] = [];
  for (const step of xmlSteps(xml)) {
    if (step.kind === 'open') frames.push(frameOf(step.name, { frames, element, schema }));
    if (step.kind === 'close') frames.pop();
    const unknownPath = frames.at(-1)?.unknownPath ?? null;
    if (step.kind === 'text' && unknownPath !== null) found.add(unknownPath);
  }
  return [...found].toSorted();
}

/** The schema of a list of such members. */
export function listOf(member: unknown): unknown {
  return [1, '', '', 0, member];
}

function frameOf(
  name: string,
  { frames, element, schema }: { frames: readonly Frame[]; element: string; schema: unknown },
): Frame {
  const parent = frames.at(-1);
  if (name === element && (parent?.known ?? null) === null)
    return { name, known: knownOf(schema), unknownPath: null };
  if (parent === undefined || parent.unknownPath !== null || parent.known === null) {
    return { name, known: null, unknownPath: parent?.unknownPath ?? null };
  }
  const child = childOf(parent.known, name);
  if (child !== undefined) return { name, known: child, unknownPath: null };
  const start = frames.findIndex((frame) => frame.known !== null) + 1;
  const path = [...frames.slice(start).map((frame) => frame.name), name].join('.');
  return { name, known: null, unknownPath: path };
}

function childOf(known: Known, name: string): Known | undefined {
  switch (known.kind) {
    case 'structure':
      return known.members.has(name) ? knownOf(known.members.get(name)) : undefined;
    case 'list':
      return knownOf(known.member);
    case 'map':
      return { kind: 'structure', members: entryOf(known.value) };
    case 'value':
      return undefined;
  }
}

/** An entry of a map on the wire: its key, a text, and its value, each in an element of its own. */
function entryOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>([
    ['key', 0],
    ['value', value],
  ]);
}

/**
 * Schemas are numbers for values (64 and up: lists of them, 128 and up: maps) or tuples: 0 value, 1 list, 2 map,
 * 3 structure, 4 union.
 */
function knownOf(reference: unknown): Known {
  const { schema } = withTraits(reference);
  if (typeof schema === 'number') return knownOfNumber(schema);
  if (!Array.isArray(schema)) throw movedLayout();
  if (schema[0] === 0) return { kind: 'value' };
  if (schema[0] === 1) return { kind: 'list', member: schema[4] };
  if (schema[0] === 2) return { kind: 'map', value: schema[5] };
  const [kind, , , , names, references] = schema as readonly unknown[];
  if (kind !== 3 || !Array.isArray(names) || !Array.isArray(references)) throw movedLayout();
  return {
    kind: 'structure',
    members: new Map(
      names.map((name, index) => [wireName(String(name), references[index]), references[index]]),
    ),
  };
}

function knownOfNumber(schema: number): Known {
  if (schema >= 128) return { kind: 'map', value: schema % 128 };
  return schema >= 64 ? { kind: 'list', member: schema % 64 } : { kind: 'value' };
}

function wireName(name: string, reference: unknown): string {
  const { xmlName } = withTraits(reference).traits;
  return typeof xmlName === 'string' ? xmlName : name;
}

/** A reference is a schema, a function that gives one, or a pair of either with traits. */
function withTraits(reference: unknown): {
  readonly schema: unknown;
  readonly traits: { readonly xmlName?: unknown };
} {
  if (isThunk(reference)) return withTraits(reference());
  if (!Array.isArray(reference) || reference.length !== 2) return { schema: reference, traits: {} };
  const inner = withTraits(reference[0]);
  const own: unknown = reference[1];
  return {
    schema: inner.schema,
    traits: typeof own === 'object' && own !== null ? { ...inner.traits, ...own } : inner.traits,
  };
}

function isThunk(reference: unknown): reference is () => unknown {
  return typeof reference === 'function';
}

function movedLayout(): GennakerError {
  return new GennakerError(
    'INTERNAL',
    "The AWS SDK's schemas have another layout than the known one.",
  );
}
