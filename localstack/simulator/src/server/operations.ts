import { activityHandlers } from '../autoscaling/activities.js';
import { attachmentHandlers } from '../autoscaling/attachments/attachments.js';
import { groupMetricHandlers } from '../autoscaling/groups/group-metrics.js';
import { groupTagHandlers } from '../autoscaling/groups/group-tags.js';
import { groupThingReadHandlers } from '../autoscaling/groups/group-thing-views.js';
import { groupThingHandlers } from '../autoscaling/groups/group-things.js';
import { groupReadHandlers } from '../autoscaling/groups/group-views.js';
import { groupHandlers } from '../autoscaling/groups/groups.js';
import { instanceRefreshHandlers } from '../autoscaling/refreshes/instance-refreshes.js';
import { launchInstancesHandlers } from '../autoscaling/members/launch-instances.js';
import { lifecycleHookHandlers } from '../autoscaling/members/lifecycle-hooks.js';
import { membershipHandlers } from '../autoscaling/members/membership.js';
import { processHandlers } from '../autoscaling/groups/processes.js';
import { scalingQuotaHandlers } from '../autoscaling/groups/quotas.js';
import { scalingPolicyHandlers } from '../autoscaling/policies/scaling-policies.js';
import { scheduledActionHandlers } from '../autoscaling/schedules/scheduled-actions.js';
import { strictly } from '../autoscaling/groups/strictness.js';
import { trafficSourceHandlers } from '../autoscaling/attachments/traffic-sources.js';
import { alarmHandlers } from '../cloudwatch/alarms.js';
import { cloudWatchTagHandlers } from '../cloudwatch/cloudwatch-tags.js';
import { metricViewHandlers } from '../cloudwatch/metric-views.js';
import { publishingHandlers } from '../cloudwatch/publishing.js';
import { imageHandlers } from '../ec2/images.js';
import { consoleOutputHandlers } from '../ec2/console-output.js';
import { instanceHandlers } from '../ec2/instances.js';
import { instanceTypeHandlers } from '../ec2/instance-types.js';
import { launchTemplateReadHandlers } from '../ec2/launch-template-views.js';
import { launchTemplateHandlers } from '../ec2/launch-templates.js';
import { networkHandlers } from '../ec2/network.js';
import { runInstanceHandlers } from '../ec2/run-instances.js';
import { securityGroupHandlers } from '../ec2/security-groups.js';
import { tagHandlers } from '../ec2/tags.js';
import { elbTagHandlers } from '../elb/elb-tags.js';
import { listenerHandlers } from '../elb/listeners.js';
import { loadBalancerHandlers } from '../elb/load-balancers.js';
import { quotaHandlers } from '../elb/quotas.js';
import { ruleHandlers } from '../elb/rules.js';
import { targetGroupHandlers } from '../elb/target-groups.js';
import { targetHandlers } from '../elb/targets.js';
import { hostedZoneHandlers } from '../route53/hosted-zones.js';
import { recordSetHandlers } from '../route53/record-sets.js';
import { worldwide } from '../route53/worldwide.js';
import { serviceQuotaHandlers } from '../servicequotas/quotas.js';
import { parameterHandlers } from '../ssm/parameters.js';
import { identityHandlers } from '../sts/identities.js';
import type { ServiceName } from '../wire/sdk-model.js';
import type { Handlers } from '../world/call.js';

/** Every operation that the stand-in answers. */
export const OPERATIONS: Readonly<Record<ServiceName, Handlers>> = {
  ec2: {
    ...networkHandlers,
    ...imageHandlers,
    ...securityGroupHandlers,
    ...instanceHandlers,
    ...instanceTypeHandlers,
    ...consoleOutputHandlers,
    ...runInstanceHandlers,
    ...launchTemplateHandlers,
    ...launchTemplateReadHandlers,
    ...tagHandlers,
  },
  autoscaling: strictly({
    ...groupHandlers,
    ...groupReadHandlers,
    ...groupTagHandlers,
    ...groupThingHandlers,
    ...groupThingReadHandlers,
    ...lifecycleHookHandlers,
    ...membershipHandlers,
    ...launchInstancesHandlers,
    ...instanceRefreshHandlers,
    ...scalingPolicyHandlers,
    ...scalingQuotaHandlers,
    ...scheduledActionHandlers,
    ...trafficSourceHandlers,
    ...groupMetricHandlers,
    ...processHandlers,
    ...attachmentHandlers,
    ...activityHandlers,
  }),
  elasticloadbalancing: {
    ...loadBalancerHandlers,
    ...listenerHandlers,
    ...ruleHandlers,
    ...quotaHandlers,
    ...targetGroupHandlers,
    ...targetHandlers,
    ...elbTagHandlers,
  },
  monitoring: {
    ...alarmHandlers,
    ...publishingHandlers,
    ...metricViewHandlers,
    ...cloudWatchTagHandlers,
  },
  route53: worldwide({ ...hostedZoneHandlers, ...recordSetHandlers }),
  servicequotas: serviceQuotaHandlers,
  ssm: parameterHandlers,
  sts: identityHandlers,
};
