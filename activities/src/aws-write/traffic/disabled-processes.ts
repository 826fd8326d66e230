/** What Clouddriver's disable suspends (clouddriver-aws 3.1): the last of them is its meaning of "disabled". */
const clouddriverProcesses = ['Launch', 'Terminate', 'AddToLoadBalancer'] as const;

/** What would take a deregistered instance for broken and replace it. */
export const replacingProcesses: readonly string[] = ['HealthCheck', 'ReplaceUnhealthy'];

/**
 * What our disable suspends: HealthCheck and ReplaceUnhealthy too, else a group with health check type ELB takes its
 * deregistered instances for broken and replaces, once enabled, the fleet that a rollback needs.
 */
export const heldProcesses: readonly string[] = [...clouddriverProcesses, ...replacingProcesses];

/** The order in which an enable resumes them: first what brings instances in, last what takes them out. */
export const resumeOrder: readonly string[] = [
  'AddToLoadBalancer',
  'Launch',
  'Terminate',
  'HealthCheck',
  'ReplaceUnhealthy',
];
