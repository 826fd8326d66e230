import type { Json, JsonObject } from '../json.js';

/**
 * Members of an AWS request under AWS's own names, as plain JSON: carried over as they were read, so that nothing is lost
 * that this release does not know. Only what names the old server group is rewritten.
 */
export type AwsMembers = JsonObject;

/** What the new server group has in place of the old one's. */
export interface Renames {
  readonly serverGroup: Rename;
  /** Target group ARNs; empty where both groups share theirs. */
  readonly targetGroups: readonly Rename[];
}

export interface Rename {
  readonly from: string;
  readonly to: string;
}

/** Characters of a server group's name (Frigga): the name is a word of its own only between others. */
const nameCharacters = 'A-Za-z0-9._~^-';

/**
 * The members with everything that names the old group in place of the new one: metric dimensions
 * AutoScalingGroupName and TargetGroup, the ResourceLabel of a tracked target group, expressions of metric math, and
 * the description of an alarm. Pure; without any of these the same value.
 */
export function renamedMembers(members: AwsMembers, renames: Renames): AwsMembers {
  return renamedObject(members, renames);
}

/** The text with the old server group's name, where it stands as a word of its own, replaced by the new one's. */
export function renamedText(text: string, { from, to }: Rename): string {
  const word = new RegExp(`(?<![${nameCharacters}])${escaped(from)}(?![${nameCharacters}])`, 'g');
  return text.replace(word, () => to);
}

/** The part of a target group's ARN by which CloudWatch knows it: `targetgroup/name/id`. */
function targetGroupLabel(arn: string): string {
  return arn.slice(arn.indexOf('targetgroup/'));
}

function renamedObject(value: JsonObject, renames: Renames): JsonObject {
  const dimension = renamedDimension(value, renames);
  if (dimension !== null) return dimension;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, renamedMember(key, member, renames)]),
  );
}

function renamedMember(key: string, value: Json, renames: Renames): Json {
  if (typeof value === 'string') return renamedWords(key, value, renames);
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map((item) => renamedMember(key, item, renames));
  return renamedObject(value, renames);
}

function renamedWords(key: string, text: string, renames: Renames): string {
  switch (key) {
    case 'Expression':
    case 'AlarmDescription':
      return renamedText(text, renames.serverGroup);
    case 'ResourceLabel':
      return renames.targetGroups.reduce(
        (label, { from, to }) => label.replace(targetGroupLabel(from), () => targetGroupLabel(to)),
        text,
      );
    default:
      return text;
  }
}

/** A metric dimension that names the old group, with the new one's value; null for anything else. */
function renamedDimension(value: JsonObject, renames: Renames): JsonObject | null {
  const { Name: name, Value: found } = value;
  if (name === 'AutoScalingGroupName' && found === renames.serverGroup.from) {
    return { ...value, Value: renames.serverGroup.to };
  }
  if (name !== 'TargetGroup') return null;
  const rename = renames.targetGroups.find(({ from }) => targetGroupLabel(from) === found);
  return rename === undefined ? null : { ...value, Value: targetGroupLabel(rename.to) };
}

function isList(value: readonly Json[] | JsonObject): value is readonly Json[] {
  return Array.isArray(value);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
