import type { AnalyseCanaryInput } from '@gennaker/contract/wire';
import { analysisReportSchema } from '@gennaker/contract';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { operation, type AwsWorld } from '../../support/activities/aws-world.js';
import { blueGroup, Colours, greenGroup } from '../../support/activities/colours.js';
import { deny, throttleOnce } from '../../support/activities/faults.js';
import { eachTestInNewWorld } from '../../support/activities/new-world.js';

let world: AwsWorld;
eachTestInNewWorld((given) => {
  ({ world } = given);
});
let colours: Colours;
beforeEach(async () => {
  colours = await Colours.lay(world, { greenImageId: world.seeded.imageIds['1.1.0'] });
  await colours.greenIsHealthy();
  await world.control.startTraffic('web-prod', 100);
});
afterEach(async () => {
  colours.close();
});

/** Green gets a fifth of the requests of the default action; the instant from which on it does. */
async function aFifthForGreen(): Promise<string> {
  const captured = await colours.capture(colours.listener);
  await colours.move(colours.listener, captured, { from: 0, to: 20 });
  return (await world.control.now()).toISOString();
}

function analysis(from: string, changes: Partial<AnalyseCanaryInput> = {}): AnalyseCanaryInput {
  return {
    context: operation('analyse', greenGroup),
    rules: [colours.listener],
    arms: [
      { role: 'control', name: blueGroup, targetGroupArn: colours.blue, plannedWeight: 80 },
      { role: 'experiment', name: greenGroup, targetGroupArn: colours.green, plannedWeight: 20 },
    ],
    from,
    configuration: null,
    scoreThresholds: null,
    limits: {},
    ...changes,
  };
}

it('passes arms that do the same, judging neither the last two minutes nor the first broken one', async () => {
  const from = await aFifthForGreen();
  await world.advance(56 * 60);
  const { outcome, reason, minutes, report } = await world.run('analyseCanary', analysis(from));
  expect([outcome, reason]).toEqual([
    'pass',
    'score 100 (pass from 95, marginal from 75): every metric passed',
  ]);
  expect(minutes).toBeGreaterThanOrEqual(53);
  expect(minutes).toBeLessThanOrEqual(55);
  const { arms, metrics } = analysisReportSchema.parse(report);
  const [control, experiment] = arms.map(({ requests }) => requests ?? 0);
  expect(experiment).toBeGreaterThan(minutes * 60 * 19);
  expect(control).toBeGreaterThan(minutes * 60 * 79);
  const errors = metrics.find(({ name }) => name === 'errorsPerMillion');
  expect(errors?.control.series).toEqual(Array.from({ length: minutes }, () => 0));
});

it('fails an experiment that has two percent more errors, with both series as evidence', async () => {
  await world.control.imageErrors(world.seeded.imageIds['1.1.0'], 0.02);
  const from = await aFifthForGreen();
  await world.advance(56 * 60);
  const { outcome, reason, report } = await world.run('analyseCanary', analysis(from));
  expect(outcome).toBe('fail');
  expect(reason).toMatch(
    /^harm is shown: more than 1.5 times the control's rate: errors5xx \d+ of/,
  );
  const errors = analysisReportSchema
    .parse(report)
    .metrics.find(({ name }) => name === 'errorsPerMillion');
  expect(errors?.verdict).toBe('High');
  expect(errors?.experiment.mean).toBeGreaterThan(15_000);
});

it('says nothing before there are enough minutes', async () => {
  const from = await aFifthForGreen();
  await world.advance(20 * 60);
  const { outcome, reason, score } = await world.run('analyseCanary', analysis(from));
  expect([outcome, score]).toEqual(['inconclusive', null]);
  expect(reason).toMatch(
    /at least 50 minutes of each metric are needed in each arm: "errorsPerMillion".* 1\d minutes in/,
  );
});

it('says nothing where somebody else has changed the weights', async () => {
  const from = await aFifthForGreen();
  await world.advance(56 * 60);
  const captured = await colours.capture(colours.listener);
  await colours.move(colours.listener, captured, { from: 20, to: 50 });
  const { outcome, reason } = await world.run('analyseCanary', analysis(from));
  expect(outcome).toBe('inconclusive');
  expect(reason).toContain('the listener does not have the planned weights');
});

it('says nothing where the requests were split otherwise than planned', async () => {
  const captured = await colours.capture(colours.listener);
  const from = (await world.control.now()).toISOString();
  await colours.move(colours.listener, captured, { from: 0, to: 5 });
  await world.advance(56 * 60);
  await colours.move(colours.listener, captured, { from: 5, to: 20 });
  const { outcome, reason } = await world.run('analyseCanary', analysis(from));
  expect(outcome).toBe('inconclusive');
  expect(reason).toContain('the split is not the planned one');
});

it('says nothing, in AWS words, where CloudWatch may not be read, and changes nothing', async () => {
  const from = await aFifthForGreen();
  await world.advance(56 * 60);
  await deny(world.control, 'GetMetricData');
  const before = (await world.calls()).length;
  const { outcome, reason } = await world.run('analyseCanary', analysis(from));
  expect(outcome).toBe('inconclusive');
  expect(reason).toContain('not authorized to perform: GetMetricData');
  const actions = (await world.calls()).slice(before).map(({ action }) => action);
  expect(actions.filter((action) => !/^(Describe|Get)/.test(action))).toEqual([]);
});

it('tries again what is throttled', async () => {
  const from = await aFifthForGreen();
  await world.advance(56 * 60);
  await throttleOnce(world.control, 'GetMetricData');
  await throttleOnce(world.control, 'DescribeListeners');
  expect((await world.run('analyseCanary', analysis(from))).outcome).toBe('pass');
});

it('refuses a configuration that is none', async () => {
  const configuration = { name: 'x', metrics: 'all', classifier: {} };
  const input = analysis(new Date().toISOString(), { configuration });
  await expect(world.run('analyseCanary', input)).rejects.toThrow(/metrics: /);
});
