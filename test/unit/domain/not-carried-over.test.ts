import { notCarriedOver, refuseNotCarriedOver, type UncopiedSettings } from '@gennaker/domain';
import { describe, expect, it } from 'vitest';

const none: UncopiedSettings = {
  scalingPolicies: [],
  scheduledActions: [],
  lifecycleHooks: [],
  notificationTopics: [],
  enabledMetrics: [],
  classicLoadBalancers: [],
  otherTrafficSources: [],
  launchFields: [],
  groupSettings: [],
};
const rich: UncopiedSettings = {
  ...none,
  scalingPolicies: ['target-tracking', 'step'],
  lifecycleHooks: ['warm'],
  groupSettings: ['WarmPoolConfiguration'],
};

describe('what a deploy would leave behind', () => {
  it('is named item by item, by kind and then by name', () => {
    expect(notCarriedOver(rich, []).map((item) => item.name)).toEqual([
      'scalingPolicy:step',
      'scalingPolicy:target-tracking',
      'lifecycleHook:warm',
      'groupSetting:WarmPoolConfiguration',
    ]);
  });

  it('refuses the deploy, naming every item and how to accept it', () => {
    expect(() => refuseNotCarriedOver('web-v000', rich, ['lifecycleHook:warm'])).toThrow(
      expect.objectContaining({
        code: 'NOT_CARRIED_OVER',
        message: expect.stringMatching(
          /web-v000.*scalingPolicy:step, scalingPolicy:target-tracking, groupSetting:WarmPoolConfiguration.*acceptNotCopied/,
        ),
      }),
    );
  });

  it('lets the deploy go on once all of it is accepted, and only then', () => {
    const all = notCarriedOver(rich, []).map((item) => item.name);
    expect(() => refuseNotCarriedOver('web-v000', rich, all)).not.toThrow();
    expect(() => refuseNotCarriedOver('web-v000', rich, all.slice(1))).toThrow();
    expect(() => refuseNotCarriedOver('web-v000', none, [])).not.toThrow();
  });
});
