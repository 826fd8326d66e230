/** Characters of an ELBv2 target group's name (API_CreateTargetGroup). */
const targetGroupNameMax = 32;

/** In place of the ARN of a target group that the plan makes: known only once it is made. */
export function madeTargetGroup(name: string): string {
  return `made:targetgroup/${name}/later`;
}

/** The name of the target group that such a placeholder stands for; null for an ARN. */
export function madeTargetGroupName(arn: string): string | null {
  return /^made:targetgroup\/([^/]+)\/later$/.exec(arn)?.[1] ?? null;
}

/**
 * A name for a target group of a server group, within AWS's letters and length: the server group's and the suffix, or, where
 * that is too long, its end with a hash of the whole. The same input has the same name, always.
 */
export function targetGroupNameFor(serverGroup: string, suffix: string): string {
  const plain = serverGroup.replaceAll(/[^A-Za-z0-9-]/g, '-').replaceAll(/^-+|-+$/g, '');
  const name = `${plain}-${suffix}`;
  if (plain === serverGroup && name.length <= targetGroupNameMax) return name;
  const rest = `-${hash(serverGroup)}-${suffix}`;
  const kept = plain.slice(-(targetGroupNameMax - rest.length)).replace(/^-+/, '');
  return `${kept}${rest}`.replace(/^-+/, '');
}

/** FNV-1a of 32 bits as 8 hex digits (RFC 9923): to tell names apart, not against forgery. */
function hash(text: string): string {
  let value = 0x81_1c_9d_c5;
  for (const character of text) {
    value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01_00_01_93) >>> 0;
  }
  return value.toString(16).padStart(8, '0');
}
