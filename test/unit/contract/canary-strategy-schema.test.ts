import { canaryBounds, pipelineSchema } from '@gennaker/contract';
import { ruleLocksOf } from '@gennaker/domain';
import { expect, test } from 'vitest';

type Fields = Readonly<Record<string, unknown>>;

const step = { weightPercent: 10, pause: { minutes: 55 } };

function pipeline(strategy: Fields, stage: Fields = {}): Fields {
  const deploy = {
    refId: 'deploy',
    name: 'Deploy',
    type: 'deploy',
    account: 'demo',
    region: 'eu-west-1',
    image: { imageId: 'ami-0123456789abcdef0' },
    strategy: { type: 'canary', steps: [step], ...strategy },
    ...stage,
  };
  return { schemaVersion: 1, application: 'web', name: 'test', stages: [deploy] };
}

/** Path and message of each fault below the stage, one a line. */
function faults(strategy: Fields, stage: Fields = {}): string {
  const result = pipelineSchema.safeParse(pipeline(strategy, stage));
  const issues = result.error?.issues ?? [];
  return issues.map(({ path, message }) => `${path.slice(2).join('/')}: ${message}`).join('\n');
}

test('a canary needs its steps and nothing else', () => {
  expect(faults({})).toBe('');
  expect(faults({ steps: [] })).toMatch(/^strategy\/steps: /);
});

test.each([
  [{ minutes: 55 }],
  [{ requests: 5000, minutesMax: 90 }],
  [{ approval: true }],
  [{ approval: true, minutes: 55 }],
])('a step may pause by %j', (pause) => {
  expect(faults({ steps: [{ weightPercent: 10, pause }] })).toBe('');
});

test.each([
  [{}],
  [{ requests: 5000 }],
  [{ approval: false }],
  [{ minutes: 0 }],
  [{ minutes: 5, requests: 1 }],
])('a pause is not %j', (pause) => {
  expect(faults({ steps: [{ weightPercent: 10, pause }] })).toMatch(/^strategy\/steps\/0\/pause/);
});

test('shares rise, and leave the running fleet something beside a fresh baseline', () => {
  const at = (...percents: readonly number[]) =>
    percents.map((weightPercent) => ({ ...step, weightPercent }));
  expect(faults({ steps: at(10, 10) })).toContain('must be above the one before');
  expect(faults({ steps: at(50) })).toContain('at most 49 beside a fresh baseline');
  expect(faults({ steps: at(50), baseline: 'running' })).toBe('');
  expect(faults({ steps: at(51), baseline: 'running' })).toMatch(/weightPercent/);
});

test('the pauses must fit into the time of the stage', () => {
  expect(faults({}, { timeoutSeconds: 55 * 60 })).toBe(
    'timeoutSeconds: the pauses of the canary take 3300 s: give the stage more',
  );
  expect(faults({}, { timeoutSeconds: 55 * 60 + 1 })).toBe('');
});

test('there are not more analyses than an execution should keep', () => {
  const steps = [{ weightPercent: 10, pause: { minutes: 1000 } }];
  const stage = { timeoutSeconds: 100_000 };
  expect(faults({ steps, analysis: { everyMinutes: 5 } }, stage)).toContain(
    `would make 201 analyses, at most ${canaryBounds.analysesMax}`,
  );
  expect(faults({ steps, analysis: { everyMinutes: 20 } }, stage)).toBe('');
});

test("Kayenta's own configuration is taken as it is, and its faults are told", () => {
  const configuration = {
    name: 'mine',
    metrics: [
      { name: 'errors', groups: ['g'], query: { type: 'cloudwatch', series: 'errorsPerMillion' } },
    ],
    classifier: { groupWeights: { g: 100 } },
    somethingOfKayentas: { kept: true },
  };
  expect(faults({ analysis: { configuration } })).toBe('');
  const [stage] = pipelineSchema.parse(pipeline({ analysis: { configuration } })).stages;
  expect(stage).toMatchObject({ strategy: { analysis: { configuration } } });
  expect(faults({ analysis: { configuration: { name: 'x', metrics: [] } } })).toMatch(
    /^strategy\/analysis\/configuration\/classifier: /,
  );
});

test('rules may be named, and are locked then', () => {
  const arn =
    'arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2';
  expect(faults({ ruleArns: [arn] })).toBe('');
  const [stage] = pipelineSchema.parse(pipeline({ ruleArns: [arn] })).stages;
  expect(stage && ruleLocksOf(stage)).toEqual([{ account: 'demo', region: 'eu-west-1', arn }]);
  const [unnamed] = pipelineSchema.parse(pipeline({})).stages;
  expect(unnamed && ruleLocksOf(unnamed)).toEqual([]);
  expect(faults({ ruleArns: ['arn:of:something'] })).toMatch(/^strategy\/ruleArns\/0: /);
});

test('a configuration that could never be judged is refused before anything is begun', () => {
  const metric = (query: object, groups = ['g']) => ({ name: 'errors', groups, query });
  const with100 = (metrics: readonly object[], groupWeights = { g: 100 }) => ({
    analysis: { configuration: { name: 'mine', metrics, classifier: { groupWeights } } },
  });
  const errors = { type: 'cloudwatch', series: 'errorsPerMillion' };
  expect(faults(with100([metric({ type: 'prometheus' })]))).toMatch(
    /^strategy\/analysis\/configuration: metric "errors" has no source: its query must be/,
  );
  expect(faults(with100([metric(errors)], { g: 60 }))).toContain('the weights are 60 together');
  expect(faults(with100([metric(errors, [])]))).toContain('is in no group');
  expect(faults(with100([]))).toContain('no metric counts');
});
