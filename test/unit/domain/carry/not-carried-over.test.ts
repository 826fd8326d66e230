import { notCarriedOver, refuseNotCarriedOver, type UncopiedSettings } from '@gennaker/domain';
import { describe, expect, it } from 'vitest';

const none: UncopiedSettings = { settings: [], refusals: [], unknownLaunchFields: [] };
const rich: UncopiedSettings = {
  settings: [{ name: 'classicLoadBalancers', value: 'web' }],
  refusals: [
    { name: 'alarm:disk', value: 'it watches one instance of the old server group' },
    { name: 'alarm:disk', value: 'told twice' },
  ],
  unknownLaunchFields: ['futureOptions', 'brandNew'],
};

describe('what a deploy would leave behind', () => {
  it('is named item by item, each once, in a stable order', () => {
    expect(notCarriedOver(rich, []).map((item) => item.name)).toEqual([
      'classicLoadBalancers',
      'alarm:disk',
      'launchField:brandNew',
      'launchField:futureOptions',
    ]);
  });

  it('refuses the deploy, naming every item and how to accept it', () => {
    const refuse = () => refuseNotCarriedOver('web-v000', rich, ['alarm:disk']);
    expect(refuse).toThrow(expect.objectContaining({ code: 'NOT_CARRIED_OVER' }));
    expect(refuse).toThrow(
      /web-v000.*classicLoadBalancers, launchField:brandNew, launchField:futureOptions\. .*acceptNotCopied/,
    );
  });

  it('lets the deploy go on once all of it is accepted, and only then', () => {
    const all = notCarriedOver(rich, []).map((item) => item.name);
    expect(() => refuseNotCarriedOver('web-v000', rich, all)).not.toThrow();
    expect(() => refuseNotCarriedOver('web-v000', rich, all.slice(1))).toThrow();
    expect(() => refuseNotCarriedOver('web-v000', none, [])).not.toThrow();
  });
});
