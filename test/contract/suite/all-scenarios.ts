import type { Scenario } from './scenario.js';
import { oddmentScenarios } from './scenarios/around-groups.js';
import { attachmentScenarios } from './scenarios/attachments.js';
import { consoleOutputScenarios } from './scenarios/console-output.js';
import { dnsScenarios } from './scenarios/dns.js';
import { drainingScenarios } from './scenarios/draining.js';
import { groupDeletionScenarios } from './scenarios/group-deletion.js';
import { groupHealthScenarios } from './scenarios/group-health.js';
import { groupLifeScenarios } from './scenarios/group-life.js';
import { groupTagScenarios, listingScenarios } from './scenarios/group-tags.js';
import { hookScenarios, policyScenarios, scheduleScenarios } from './scenarios/group-things.js';
import { groupScenarios } from './scenarios/groups.js';
import { hookWaitScenarios } from './scenarios/hook-waits.js';
import { identityScenarios } from './scenarios/identities.js';
import { imageScenarios } from './scenarios/images.js';
import { instanceScenarios } from './scenarios/instances.js';
import { launchSourceScenarios } from './scenarios/launch-sources.js';
import { launchTemplateVersionScenarios } from './scenarios/launch-template-versions.js';
import { launchTemplateScenarios } from './scenarios/launch-templates.js';
import { listenerScenarios } from './scenarios/listeners.js';
import { loadBalancerScenarios } from './scenarios/load-balancers.js';
import { membershipScenarios } from './scenarios/membership.js';
import { metricScenarios, parameterScenarios } from './scenarios/metrics.js';
import { networkScenarios } from './scenarios/network.js';
import { processScenarios } from './scenarios/processes.js';
import { quotaScenarios } from './scenarios/quotas.js';
import { refreshScenarios } from './scenarios/refreshes.js';
import { ruleScenarios } from './scenarios/rules.js';
import { targetGroupScenarios } from './scenarios/target-groups.js';
import { targetScenarios } from './scenarios/targets.js';

/** Every scenario, topic by topic. */
export const allScenarios: readonly Scenario[] = [
  ...groupScenarios,
  ...groupLifeScenarios,
  ...groupHealthScenarios,
  ...groupDeletionScenarios,
  ...processScenarios,
  ...attachmentScenarios,
  ...policyScenarios,
  ...scheduleScenarios,
  ...hookScenarios,
  ...oddmentScenarios,
  ...groupTagScenarios,
  ...listingScenarios,
  ...launchTemplateScenarios,
  ...launchTemplateVersionScenarios,
  ...imageScenarios,
  ...instanceScenarios,
  ...consoleOutputScenarios,
  ...networkScenarios,
  ...loadBalancerScenarios,
  ...listenerScenarios,
  ...targetGroupScenarios,
  ...targetScenarios,
  ...identityScenarios,
  ...drainingScenarios,
  ...hookWaitScenarios,
  ...launchSourceScenarios,
  ...membershipScenarios,
  ...metricScenarios,
  ...parameterScenarios,
  ...quotaScenarios,
  ...refreshScenarios,
  ...ruleScenarios,
  ...dnsScenarios,
];
