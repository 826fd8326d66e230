import type { AwsCaller } from './calling/aws-caller.js';
import type { AwsReads } from './aws-reads.js';
import type { AwsWrites } from './aws-writes.js';
import { bindScalingWrites } from './scaling/bind-scaling-writes.js';
import { bindServerGroupTagWrites } from './server-groups/bind-server-group-tags.js';
import { describeAlarms } from './scaling/read-alarms.js';
import {
  createLaunchTemplateVersion,
  deleteLaunchTemplateVersion,
  findLaunchTemplateVersion,
} from './launch/launch-template-versions.js';
import { bindRuleReads, bindRuleWrites } from './load-balancing/bind-rule-calls.js';
import {
  bindTargetGroupReads,
  bindTargetGroupWrites,
} from './load-balancing/bind-target-group-calls.js';
import { describeAttachments } from './scaling/read-attachments.js';
import { getConsoleOutput } from './server-groups/read-console.js';
import { findImages } from './launch/read-images.js';
import { describeInstances, describeSubnets } from './server-groups/read-instances.js';
import {
  describeLaunchConfiguration,
  describeLaunchTemplateVersion,
  findLaunchTemplate,
} from './launch/read-launch.js';
import { getMetricData } from './metrics/read-metrics.js';
import { describeInstanceRefreshes } from './refreshes/read-refreshes.js';
import { describeScalingActivities } from './scaling/read-scaling.js';
import {
  describeServerGroups,
  listCluster,
  listLaunchTemplateUsers,
} from './server-groups/read-server-groups.js';
import { describeServerGroupRoom, describeTargetRoom } from './limits/read-limits.js';
import { getTargetsPerTargetGroupMax } from './limits/read-quotas.js';
import { describeVcpuRoom } from './limits/read-vcpus.js';
import {
  describeDrainSeconds,
  describeTargetGroups,
  describeTargetHealth,
} from './load-balancing/read-target-health.js';
import type { RefreshReads, RefreshWrites } from './refreshes/refresh-calls.js';
import { createLaunchTemplate, deleteLaunchTemplate } from './launch/write-launch-template.js';
import {
  cancelInstanceRefresh,
  rollbackInstanceRefresh,
  startInstanceRefresh,
  updateLaunchTemplate,
} from './refreshes/write-refresh.js';
import {
  createAutoScalingGroup,
  deleteAutoScalingGroup,
  resumeProcesses,
  setInstanceHealth,
  suspendProcesses,
  tagServerGroup,
  updateCapacity,
} from './server-groups/write-server-group.js';
import { deregisterTargets, registerTargets } from './load-balancing/write-targets.js';

/** Every read and write on one account and region. */
export function bindCalls(caller: AwsCaller): AwsReads & AwsWrites {
  return { ...bindReads(caller), ...bindWrites(caller) };
}

function bindReads(caller: AwsCaller): AwsReads {
  return {
    describeServerGroups: (names, options) => describeServerGroups(caller, names, options),
    listCluster: (cluster, options) => listCluster(caller, cluster, options),
    describeInstances: (ids, options) => describeInstances(caller, ids, options),
    getConsoleOutput: (id, options) => getConsoleOutput(caller, id, options),
    describeTargetHealth: (query, options) => describeTargetHealth(caller, query, options),
    describeDrainSeconds: (arn, options) => describeDrainSeconds(caller, arn, options),
    describeTargetGroups: (query, options) => describeTargetGroups(caller, query, options),
    describeLaunchTemplateVersion: (query, options) =>
      describeLaunchTemplateVersion(caller, query, options),
    findLaunchTemplate: (name, options) => findLaunchTemplate(caller, name, options),
    describeLaunchConfiguration: (name, options) =>
      describeLaunchConfiguration(caller, name, options),
    findImages: (query, options) => findImages(caller, query, options),
    describeScalingActivities: (query, options) =>
      describeScalingActivities(caller, query, options),
    describeAttachments: (serverGroup, options) =>
      describeAttachments(caller, serverGroup, options),
    describeAlarms: (query, options) => describeAlarms(caller, query, options),
    getMetricData: (query, options) => getMetricData(caller, query, options),
    describeSubnets: (ids, options) => describeSubnets(caller, ids, options),
    describeServerGroupRoom: (options) => describeServerGroupRoom(caller, options),
    describeTargetRoom: (arns, options) => describeTargetRoom(caller, arns, options),
    getTargetsPerTargetGroupMax: (options) => getTargetsPerTargetGroupMax(caller, options),
    describeVcpuRoom: (types, options) => describeVcpuRoom(caller, types, options),
    ...bindRefreshReads(caller),
    ...bindRuleReads(caller),
    ...bindTargetGroupReads(caller),
  };
}

function bindWrites(caller: AwsCaller): AwsWrites {
  return {
    createLaunchTemplate: (request, options) => createLaunchTemplate(caller, request, options),
    createAutoScalingGroup: (request, options) => createAutoScalingGroup(caller, request, options),
    updateCapacity: (serverGroup, capacity, options) =>
      updateCapacity(caller, { serverGroup, capacity }, options),
    updateMinimum: (serverGroup, min, options) =>
      updateCapacity(caller, { serverGroup, capacity: { min } }, options),
    tagServerGroup: (serverGroup, tags, options) =>
      tagServerGroup(caller, { serverGroup, tags }, options),
    suspendProcesses: (serverGroup, processes, options) =>
      suspendProcesses(caller, { serverGroup, processes }, options),
    resumeProcesses: (serverGroup, processes, options) =>
      resumeProcesses(caller, { serverGroup, processes }, options),
    registerTargets: (targetGroupArn, instanceIds, options) =>
      registerTargets(caller, { targetGroupArn, instanceIds }, options),
    deregisterTargets: (targetGroupArn, instanceIds, options) =>
      deregisterTargets(caller, { targetGroupArn, instanceIds }, options),
    setInstanceHealth: (instanceId, health, options) =>
      setInstanceHealth(caller, { instanceId, health }, options),
    deleteAutoScalingGroup: (request, options) => deleteAutoScalingGroup(caller, request, options),
    deleteLaunchTemplate: (id, options) => deleteLaunchTemplate(caller, id, options),
    ...bindRefreshWrites(caller),
    ...bindRuleWrites(caller),
    ...bindTargetGroupWrites(caller),
    ...bindScalingWrites(caller),
    ...bindServerGroupTagWrites(caller),
  };
}

function bindRefreshReads(caller: AwsCaller): RefreshReads {
  return {
    describeInstanceRefreshes: (query, options) =>
      describeInstanceRefreshes(caller, query, options),
    findLaunchTemplateVersion: (query, options) =>
      findLaunchTemplateVersion(caller, query, options),
    listLaunchTemplateUsers: (id, options) => listLaunchTemplateUsers(caller, id, options),
  };
}

function bindRefreshWrites(caller: AwsCaller): RefreshWrites {
  return {
    createLaunchTemplateVersion: (request, options) =>
      createLaunchTemplateVersion(caller, request, options),
    deleteLaunchTemplateVersion: (version, options) =>
      deleteLaunchTemplateVersion(caller, version, options),
    updateLaunchTemplate: (serverGroup, launch, options) =>
      updateLaunchTemplate(caller, { serverGroup, launch }, options),
    startInstanceRefresh: (request, options) => startInstanceRefresh(caller, request, options),
    cancelInstanceRefresh: (serverGroup, options) =>
      cancelInstanceRefresh(caller, serverGroup, options),
    rollbackInstanceRefresh: (serverGroup, options) =>
      rollbackInstanceRefresh(caller, serverGroup, options),
  };
}
