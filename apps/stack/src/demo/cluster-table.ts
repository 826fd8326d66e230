import type { ClusterAnswer } from '@gennaker/contract';

const HEADER = [
  'server group',
  'enabled',
  'min/desired/max',
  'healthy',
  'image',
  'made by',
] as const;

/** The server groups of a cluster as AWS has them, as lines of a table. */
export function clusterTable(cluster: ClusterAnswer): readonly string[] {
  const rows = cluster.serverGroups
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .map((group) => [
      group.name,
      group.enabled ? 'yes' : 'no',
      `${group.capacity.min}/${group.capacity.desired}/${group.capacity.max}`,
      `${group.instances.filter((instance) => instance.health === 'Up').length} of ${group.instances.length}`,
      group.imageId ?? '-',
      group.owner === null ? 'others' : 'Gennaker',
    ]);
  const widths = HEADER.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd();
  return [line(HEADER), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}

/** The names of the server groups that take traffic. */
export function enabledGroups(cluster: ClusterAnswer): readonly string[] {
  return cluster.serverGroups
    .filter((group) => group.enabled)
    .map((group) => group.name)
    .toSorted();
}
