import { weightsOf, type ListenerRule } from '@gennaker/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { operation, subject, type AwsWorld } from '../../support/activities/aws-world.js';
import { blueGroup, Colours, forwardTo, greenGroup } from '../../support/activities/colours.js';
import { deny, loseReply, throttleOnce } from '../../support/activities/faults.js';
import { eachTestInNewWorld } from '../../support/activities/new-world.js';

let world: AwsWorld;
eachTestInNewWorld((given) => {
  ({ world } = given);
});
let colours: Colours;
beforeEach(async () => {
  colours = await Colours.lay(world);
});
afterEach(async () => {
  colours.close();
});

async function ruleNow(which: 'rule' | 'listener' = 'rule'): Promise<ListenerRule> {
  await world.settle();
  return await colours.capture(colours[which]);
}

/** How many writes of rules there were, those of other people included. */
async function writes(): Promise<number> {
  const actions = (await world.calls()).map((call) => call.action);
  return actions.filter((action) => /^Modify(Rule|Listener)$/.test(action)).length;
}

describe('moving requests by the weights of a rule', () => {
  it.each(['rule', 'listener'] as const)(
    'changes the weights of a %s and nothing else of it',
    async (which) => {
      await colours.greenIsHealthy();
      const captured = await colours.capture(colours[which]);
      expect(await colours.move(colours[which], captured, { from: 0, to: 25 })).toEqual(
        colours.at(25),
      );
      const [forward] = captured.actions;
      expect(await ruleNow(which)).toEqual({
        ...captured,
        actions: [{ ...forward, targetGroups: colours.at(25) }],
      });
    },
  );

  it('is harmless twice, and goes on from step to step', async () => {
    await colours.greenIsHealthy();
    const captured = await colours.capture(colours.rule);
    for (const to of [10, 10, 50, 100]) {
      const from = to === 10 ? 0 : to === 50 ? 10 : 50;
      await colours.move(colours.rule, captured, { from, to });
    }
    expect(weightsOf(await ruleNow())).toEqual(colours.at(100));
  });

  it.each(['rule', 'listener'] as const)(
    'of a %s ends at the wanted weights when the reply is lost, and when it is throttled',
    async (which) => {
      await colours.greenIsHealthy();
      const captured = await colours.capture(colours[which]);
      const action = which === 'rule' ? 'ModifyRule' : 'ModifyListener';
      await loseReply(world.control, action);
      await throttleOnce(world.control, action);
      await colours.move(colours[which], captured, { from: 0, to: 50 });
      expect(weightsOf(await ruleNow(which))).toEqual(colours.at(50));
    },
  );

  it('writes nothing again on a repeated attempt that finds it done', async () => {
    await colours.greenIsHealthy();
    const captured = await colours.capture(colours.rule);
    await loseReply(world.control, 'ModifyRule');
    const before = await writes();
    await colours.move(colours.rule, captured, { from: 0, to: 50 });
    await world.settle();
    const input = {
      context: operation('to 50', colours.rule.arn),
      rule: colours.rule,
      change: { captured, weights: colours.at(50), expected: [colours.at(0)] },
      guards: [colours.guard()],
    };
    const sent = await writes();
    expect(sent).toBeGreaterThan(before);
    await world.run('setRuleWeights', input, 2);
    expect(await writes()).toBe(sent);
  });

  it('fails at once when it is denied', async () => {
    await colours.greenIsHealthy();
    const captured = await colours.capture(colours.rule);
    await deny(world.control, 'ModifyRule');
    await expect(colours.move(colours.rule, captured, { from: 0, to: 50 })).rejects.toMatchObject({
      type: 'AWS_DENIED',
      nonRetryable: true,
    });
  });

  it('says so when the rule has vanished', async () => {
    await colours.greenIsHealthy();
    const captured = await colours.capture(colours.rule);
    await colours.deleteRule();
    await expect(colours.move(colours.rule, captured, { from: 0, to: 50 })).rejects.toMatchObject({
      type: 'SUBJECT_VANISHED',
      nonRetryable: true,
    });
  });
});

describe('what someone else has done to a rule', () => {
  beforeEach(() => colours.greenIsHealthy());

  it('is named field by field, and left', async () => {
    const captured = await colours.capture(colours.rule);
    await colours.editCondition('/v2/*');
    const before = await writes();
    await expect(colours.move(colours.rule, captured, { from: 0, to: 50 })).rejects.toMatchObject({
      type: 'CHANGED_BY_SOMEONE_ELSE',
      nonRetryable: true,
      message: expect.stringContaining('conditions[0]') as unknown,
    });
    expect(await writes()).toBe(before);
  });

  it('is named as weights, and left', async () => {
    const captured = await colours.capture(colours.rule);
    await colours.edit([forwardTo(colours.at(1))]);
    await expect(colours.move(colours.rule, captured, { from: 0, to: 50 })).rejects.toMatchObject({
      type: 'CHANGED_BY_SOMEONE_ELSE',
      message: expect.stringContaining('web-prod 99, web-prod-green 1') as unknown,
    });
    expect(weightsOf(await ruleNow())).toEqual(colours.at(1));
  });

  it('since the last move is found by a look of its own, which writes nothing', async () => {
    const captured = await colours.capture(colours.rule);
    await colours.move(colours.rule, captured, { from: 0, to: 50 });
    const verify = (percent: number) =>
      world.runWithRetries('verifyRuleWeights', {
        context: operation('verify', colours.rule.arn),
        rule: colours.rule,
        change: { captured, weights: colours.at(percent), expected: [] },
      });
    const before = await writes();
    expect(await verify(50)).toEqual({ weights: colours.at(50) });
    await expect(verify(100)).rejects.toMatchObject({
      type: 'CHANGED_BY_SOMEONE_ELSE',
      nonRetryable: true,
      message: expect.stringContaining('web-prod 50, web-prod-green 50') as unknown,
    });
    expect(await writes()).toBe(before);
  });

  it('cannot be written over where it is no forward any more', async () => {
    const fixed = { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503' } } as const;
    await colours.edit([fixed]);
    await expect(colours.capture(colours.rule)).rejects.toMatchObject({
      type: 'INVALID_REQUEST',
      message: expect.stringContaining('fixed-response') as unknown,
    });
  });
});

describe('the traffic guard of weights', () => {
  it('gives no requests to a target group whose server group is not healthy enough', async () => {
    await colours.resizeGreen(0);
    await world.advance(120);
    const captured = await colours.capture(colours.rule);
    const before = await writes();
    await expect(colours.move(colours.rule, captured, { from: 0, to: 10 })).rejects.toMatchObject({
      type: 'TRAFFIC_GUARD',
      nonRetryable: true,
      message: expect.stringContaining('has 0 of 3 healthy instances') as unknown,
    });
    expect(await writes()).toBe(before);
  });

  it('gives none to a target group for which nothing says what it must have', async () => {
    const captured = await colours.capture(colours.rule);
    const before = await writes();
    const change = { captured, weights: colours.at(10), expected: [colours.at(0)] };
    const context = operation('to 10', colours.rule.arn);
    await expect(
      world.run('setRuleWeights', { context, rule: colours.rule, change, guards: [] }),
    ).rejects.toMatchObject({ type: 'INTERNAL' });
    expect(await writes()).toBe(before);
  });

  it('an undo gives requests back to a group that has lost some, if it is as good as what it relieves', async () => {
    await colours.greenIsHealthy();
    const captured = await colours.capture(colours.rule);
    await colours.move(colours.rule, captured, { from: 0, to: 100 });
    await colours.resizeGreen(1);
    await world.advance(120);
    const guard = {
      targetGroupArn: colours.blue,
      serverGroup: blueGroup,
      instancesHealthyMin: 4,
    };
    const back = (guards: readonly (typeof guard & { relieves?: string })[]) =>
      world.run('setRuleWeights', {
        context: operation('undo', colours.rule.arn, { priority: 'undo' }),
        rule: colours.rule,
        change: { captured, weights: colours.at(0), expected: [colours.at(0), colours.at(100)] },
        guards,
      });
    await expect(back([guard])).rejects.toMatchObject({ type: 'TRAFFIC_GUARD' });
    await back([{ ...guard, relieves: greenGroup }]);
    expect(weightsOf(await ruleNow())).toEqual(colours.at(0));
  });

  it('empties no target group that only the disabled group is in, however healthy another one is', async () => {
    await colours.greenIsHealthy();
    const restore = await world.run('captureServerGroup', {
      context: operation('disable', blueGroup),
      subject: subject(blueGroup),
    });
    const guard = { serverGroup: greenGroup, instancesHealthyMin: 3 };
    const disable = () =>
      world.runWithRetries('disableServerGroup', {
        context: operation('disable', blueGroup),
        subject: subject(blueGroup),
        restore,
        guard,
      });
    await expect(disable()).rejects.toMatchObject({
      type: 'TRAFFIC_GUARD',
      message: expect.stringContaining('web-prod was not emptied') as unknown,
    });
    const toNothing = world.runWithRetries('changeServerGroupSize', {
      context: operation('resize', blueGroup),
      subject: subject(blueGroup),
      arn: null,
      capacity: { min: 0, desired: 0, max: 6 },
      guard,
    });
    await expect(toNothing).rejects.toMatchObject({ type: 'TRAFFIC_GUARD' });
    for (const rule of [colours.rule, colours.listener]) {
      await colours.move(rule, await colours.capture(rule), { from: 0, to: 100 });
    }
    await disable();
    expect((await world.calls()).map((call) => call.action)).toContain('DeregisterTargets');
  });

  it('empties no target group that a rule still sends requests to', async () => {
    await colours.greenIsHealthy();
    const captured = await colours.capture(colours.rule);
    await colours.move(colours.rule, captured, { from: 0, to: 10 });
    const restore = await world.run('captureServerGroup', {
      context: operation('disable', greenGroup),
      subject: subject(greenGroup),
    });
    const disable = () =>
      world.runWithRetries('disableServerGroup', {
        context: operation('disable', greenGroup),
        subject: subject(greenGroup),
        restore,
        guard: null,
        weightless: [colours.green],
      });
    await expect(disable()).rejects.toMatchObject({ type: 'TRAFFIC_GUARD', nonRetryable: true });
    const changed = (await world.calls()).map((call) => call.action);
    expect(changed).not.toContain('SuspendProcesses');
    await world.run('setRuleWeights', {
      context: operation('undo', colours.rule.arn, { priority: 'undo' }),
      rule: colours.rule,
      change: { captured, weights: colours.at(0), expected: [colours.at(10)] },
      guards: [{ targetGroupArn: colours.blue, serverGroup: blueGroup, instancesHealthyMin: 3 }],
    });
    await disable();
    expect((await world.calls()).map((call) => call.action)).toContain('DeregisterTargets');
  });
});
