/**
 * Spinnaker's moniker of a server group (Frigga; the five keys are Spinnaker's). A name that does not follow the grammar
 * has every field null.
 */
export interface Moniker {
  readonly app: string | null;
  readonly stack: string | null;
  readonly detail: string | null;
  readonly cluster: string | null;
  readonly sequence: number | null;
}

/** Bounds of names. AWS: Auto Scaling group name, EC2 launch template name. Spinnaker: v000 to v999. */
export const namingBounds = {
  serverGroupNameMax: 255,
  launchTemplateNameMax: 128,
  sequenceMax: 999,
} as const;

const sequenced = /^(.+)-v(\d{3,6})$/;
const clusterGrammar = /^([A-Za-z0-9._]+)(?:-([A-Za-z0-9._]*)(?:-([A-Za-z0-9._~^-]*))?)?$/;
const unparsed: Moniker = { app: null, stack: null, detail: null, cluster: null, sequence: null };

/**
 * The moniker of a server group's name: `app[-stack[-detail]][-vNNN]`, three to six digits; a name without a version is
 * legal and is its own cluster. Never throws. Source: Frigga's Names (clouddriver-aws 1.1 to 1.3).
 */
export function parseServerGroupName(name: string): Moniker {
  const versioned = sequenced.exec(name);
  const cluster = versioned?.[1] ?? name;
  const parts = clusterGrammar.exec(cluster);
  if (parts === null) return unparsed;
  return {
    app: parts[1] ?? null,
    stack: emptyAsNull(parts[2]),
    detail: emptyAsNull(parts[3]),
    cluster,
    sequence: versioned === null ? null : Number(versioned[2]),
  };
}

/** The name of a cluster's server group: `cluster-vNNN`, at least three digits; the cluster itself without a sequence. */
export function formatServerGroupName(cluster: string, sequence: number | null): string {
  return sequence === null ? cluster : `${cluster}-v${String(sequence).padStart(3, '0')}`;
}

/** The cluster's name; a detail without a stack gives a double hyphen (`app--detail`). */
export function clusterName(parts: {
  readonly application: string;
  readonly stack?: string | undefined;
  readonly detail?: string | undefined;
}): string {
  const { application, stack = '', detail = '' } = parts;
  if (detail !== '') return `${application}-${stack}-${detail}`;
  return stack === '' ? application : `${application}-${stack}`;
}

/** The sequence after the highest one known; 0 for a cluster's first, and 0 again after 999 (clouddriver-aws 1.7). */
export function nextSequence(highest: number | null): number {
  return highest === null || highest >= namingBounds.sequenceMax ? 0 : highest + 1;
}

/**
 * The launch template's name that belongs to a server group: always the same for the same group, and different for
 * different ones even where characters had to be replaced or cut (AWS: 3 to 128 of letters, digits and `( ) . / _ -`).
 */
export function launchTemplateName(serverGroup: string): string {
  const legal = serverGroup.replaceAll(/[^A-Za-z0-9()./_-]/g, '_');
  const hash = fnv1a64(serverGroup);
  return `${legal.slice(0, namingBounds.launchTemplateNameMax - hash.length - 1)}-${hash}`;
}

function emptyAsNull(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}

/** FNV-1a, 64 bit, as 16 hexadecimal digits: enough to tell names apart, not a secret. */
function fnv1a64(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const character of text) {
    hash ^= BigInt(character.codePointAt(0) ?? 0);
    hash = BigInt.asUintN(64, hash * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, '0');
}
