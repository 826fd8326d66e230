import { notCarriedOver, refuseNotCarriedOver, type UncopiedSettings } from '@gennaker/domain';
import { describe, expect, it } from 'vitest';

const none: UncopiedSettings = {
  settings: [],
  scalingPolicies: [],
  alarms: [],
  scheduledActions: [],
  lifecycleHooks: [],
  notificationTopics: [],
  unknownLaunchFields: [],
};
const rich: UncopiedSettings = {
  ...none,
  scalingPolicies: ['target-tracking', 'step'],
  lifecycleHooks: ['warm'],
  settings: [{ name: 'warmPool', value: 'minimum 2' }],
};

describe('what a deploy would leave behind', () => {
  it('is named item by item, each once, in a stable order', () => {
    expect(notCarriedOver(rich, []).map((item) => item.name)).toEqual([
      'warmPool',
      'scalingPolicy:step',
      'scalingPolicy:target-tracking',
      'lifecycleHook:warm',
    ]);
  });

  it('refuses the deploy, naming every item and how to accept it', () => {
    const refuse = () => refuseNotCarriedOver('web-v000', rich, ['lifecycleHook:warm']);
    expect(refuse).toThrow(expect.objectContaining({ code: 'NOT_CARRIED_OVER' }));
    expect(refuse).toThrow(
      /web-v000.*warmPool, scalingPolicy:step, scalingPolicy:target-tracking\. .*acceptNotCopied/,
    );
  });

  it('lets the deploy go on once all of it is accepted, and only then', () => {
    const all = notCarriedOver(rich, []).map((item) => item.name);
    expect(() => refuseNotCarriedOver('web-v000', rich, all)).not.toThrow();
    expect(() => refuseNotCarriedOver('web-v000', rich, all.slice(1))).toThrow();
    expect(() => refuseNotCarriedOver('web-v000', none, [])).not.toThrow();
  });
});
