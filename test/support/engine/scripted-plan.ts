import type { PlanDeployInput } from '@gennaker/contract/wire';
import type { DeployPlan, ServerGroupRef } from '@gennaker/domain';
import { scriptedSettings } from './scripted-settings.js';

/** A red/black of a cluster with one server group, to one of this name. */
export function scriptedPlan(input: PlanDeployInput, serverGroup: string): DeployPlan {
  const { account, region } = input.stage;
  const at = (name: string) => ({ account, region, serverGroup: name });
  const capacity = { min: 3, desired: 3, max: 3 };
  return {
    planVersion: 1,
    strategy: 'redBlack',
    cluster: { account, region, cluster: 'web-prod' },
    source: { serverGroup: 'web-prod-v000', arn: 'arn:web-prod-v000', imageId: null },
    target: {
      serverGroup,
      imageId: input.imageId,
      capacity,
      targetHealthyPercent: 100,
      ...scriptedSettings,
    },
    disables: ['web-prod-v000'],
    observedServerGroups: ['web-prod-v000'],
    warnings: [],
    steps: scriptedSteps(at, serverGroup).map((step) =>
      step.operation === 'createServerGroup' && input.stage.onFailure === 'keepDisabled'
        ? { ...step, keepOnFailure: true }
        : step,
    ),
  };
}

type At = (name: string) => ServerGroupRef;

function scriptedSteps(at: At, serverGroup: string): DeployPlan['steps'] {
  const capacity = { min: 3, desired: 3, max: 3 };
  return [
    {
      id: 'create',
      operation: 'createServerGroup',
      title: `Create ${serverGroup}`,
      subject: at(serverGroup),
    },
    {
      id: 'resize',
      operation: 'resizeServerGroup',
      title: 'Resize',
      subject: at(serverGroup),
      capacity,
    },
    {
      id: 'healthy',
      operation: 'awaitHealthy',
      title: 'Healthy',
      subject: at(serverGroup),
      instancesHealthyMin: 3,
    },
    {
      id: 'disable:web-prod-v000',
      operation: 'disableServerGroup',
      title: 'Disable web-prod-v000',
      subject: at('web-prod-v000'),
      guard: { serverGroup, instancesHealthyMin: 3 },
    },
    {
      id: 'verify',
      operation: 'verifyDeploy',
      title: 'Verify',
      subject: at(serverGroup),
      instancesHealthyMin: 3,
    },
  ];
}
