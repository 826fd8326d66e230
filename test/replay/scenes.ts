import { awaitSoon } from '../support/e2e/await-soon.js';
import type { EngineHarness } from '../support/engine/engine-harness.js';
import {
  deployStage,
  failingStage,
  findImageStage,
  judgmentStage,
  rollbackStage,
  waitStage,
} from '../support/engine/stages.js';

const story = [
  findImageStage('find'),
  deployStage({ image: { fromStage: 'find' } }, ['find']),
  waitStage('settle', 1, ['deploy']),
];

const elb = 'arn:aws:elasticloadbalancing:eu-west-1:111111111111';
const blueGreen = deployStage({
  strategy: {
    type: 'blueGreen',
    targetGroupArns: ['blue', 'green'],
    ruleArns: [`${elb}:listener-rule/app/web/1/2/aa`, `${elb}:listener/app/web/1/2`],
  },
});
const canary = deployStage({
  strategy: { type: 'canary', steps: [{ weightPercent: 10, pause: { minutes: 55 } }] },
});
const rolling = deployStage({ strategy: { type: 'rolling' } });

/** Plays something on the engine and says of which execution the history is to be kept. */
type Scene = (engine: EngineHarness) => Promise<string>;

/** What golden histories are recorded of: one scene for each shape that a history can have. */
export const scenes: Readonly<Record<string, Scene>> = {
  'red-black': async (engine) => {
    const id = await engine.execute(story);
    await engine.result(id);
    return id;
  },
  'failed-and-undone': async (engine) => {
    engine.aws.fails('awaitServerGroupHealthy', 'LAUNCH_FAILED');
    const id = await engine.execute(story);
    await engine.result(id);
    return id;
  },
  'retried-after-the-end': async (engine) => {
    engine.aws.fails('awaitServerGroupHealthy', 'LAUNCH_FAILED');
    const id = await engine.execute(story);
    await engine.result(id);
    engine.aws.before.clear();
    await engine.retry(id, 'deploy');
    await engine.result(id);
    return id;
  },
  'cancelled-with-rollback': async (engine) => {
    const waiting = engine.aws.waits('awaitServerGroupDrained');
    const id = await engine.execute([deployStage()]);
    await waiting;
    engine.aws.before.clear();
    await engine.cancel(id, 'rollback');
    await engine.result(id);
    return id;
  },
  'needs-attention': async (engine) => {
    engine.aws.fails('awaitServerGroupHealthy', 'LAUNCH_FAILED');
    engine.aws.fails('deleteServerGroup', 'AWS_DENIED');
    const id = await engine.execute([deployStage({ stack: 'attention' })]);
    await engine.result(id);
    return id;
  },
  'stage-deadline': async (engine) => {
    void engine.aws.waits('awaitServerGroupHealthy');
    const id = await engine.execute([deployStage({ timeoutSeconds: 2 })]);
    await engine.result(id);
    return id;
  },
  'failure-stops-siblings': async (engine) => {
    const id = await engine.execute([waitStage('long', 3600), failingStage('bad')]);
    await engine.result(id);
    return id;
  },
  'continued-as-new': async (engine) => {
    engine.historyEventsMax = 60;
    const id = await engine.execute([waitStage('beside', 3), ...story]);
    await engine.result(id);
    engine.historyEventsMax = undefined;
    return id;
  },
  rolling: async (engine) => {
    const id = await engine.execute([rolling]);
    await engine.result(id);
    return id;
  },
  'rolling-brought-back': async (engine) => {
    engine.aws.fails('awaitInstanceRefresh', 'LAUNCH_FAILED');
    const id = await engine.execute([rolling]);
    await engine.result(id);
    return id;
  },
  'rolling-settled-first': async (engine) => {
    engine.aws.starting = [1];
    engine.aws.fails('awaitInstanceRefresh', 'LAUNCH_FAILED');
    const id = await engine.execute([rolling]);
    await engine.result(id);
    return id;
  },
  'rolled-back': async (engine) => {
    const id = await engine.execute([rollbackStage({ reason: 'errors' })]);
    await engine.result(id);
    return id;
  },
  'rule-locks': async (engine) => {
    const id = await engine.execute([blueGreen]);
    await engine.result(id);
    return id;
  },
  'canary-promoted': async (engine) => {
    engine.aws.outcomes = ['pass'];
    const id = await engine.execute([canary]);
    await engine.result(id);
    return id;
  },
  'canary-removed-side-by-side': async (engine) => {
    engine.aws.outcomes = ['pass'];
    engine.aws.failsOnce('deleteServerGroup', 'AWS_DENIED');
    const id = await engine.execute([canary]);
    await engine.result(id);
    return id;
  },
  'canary-undone-side-by-side': async (engine) => {
    engine.aws.outcomes = ['fail'];
    const id = await engine.execute([canary]);
    await engine.result(id);
    return id;
  },
  'canary-held-and-stopped': async (engine) => {
    engine.aws.outcomes = ['inconclusive'];
    const id = await engine.execute([canary]);
    await asks(engine, id);
    await engine.judge(id, 'deploy', { decision: 'stop', reason: 'not enough traffic' });
    await engine.result(id);
    return id;
  },
  'canary-held-and-analysed': async (engine) => {
    engine.aws.outcomes = ['inconclusive', 'inconclusive', 'pass'];
    engine.aws.heldWatches = 2;
    const id = await engine.execute([canary]);
    const asked = () => engine.records.state(id).stages[0]?.attempts[0]?.waitingFor?.message ?? '';
    await awaitSoon('a second analysis', async () => asked().includes('held:2'));
    await engine.judge(id, 'deploy', { reason: 'it passes by now' });
    await engine.result(id);
    return id;
  },
  judged: async (engine) => {
    const id = await engine.execute([judgmentStage('judge'), waitStage('next', 0, ['judge'])]);
    await asks(engine, id);
    await engine.judge(id, 'judge', { reason: 'all is well' });
    await engine.result(id);
    return id;
  },
  'failed-with-evidence': async (engine) => {
    engine.aws.fails('awaitServerGroupHealthy', 'LAUNCH_FAILED');
    const id = await engine.execute([deployStage({ stack: 'evidence' })]);
    await engine.result(id);
    return id;
  },
  'failed-and-kept': async (engine) => {
    engine.aws.fails('awaitServerGroupHealthy', 'LAUNCH_FAILED');
    const id = await engine.execute([deployStage({ stack: 'kept', onFailure: 'keepDisabled' })]);
    await engine.result(id);
    return id;
  },
  'undo-retried': async (engine) => {
    const id = await stuck(engine, 'undo-retried');
    await engine.resolve(id, 'retryUndo');
    await engine.result(id);
    return id;
  },
  'handed-over': async (engine) => {
    const id = await stuck(engine, 'handed-over');
    await engine.resolve(id, 'handOver');
    await engine.result(id);
    return id;
  },
  'step-finished': async (engine) => {
    const waiting = engine.aws.waits('awaitServerGroupHealthy');
    const id = await engine.execute([deployStage({ stack: 'step-finished' })]);
    await waiting;
    await engine.cancel(id, 'finishStep');
    engine.aws.before.clear();
    await engine.result(id);
    return id;
  },
};

/** A deploy that failed, and whose undo could not finish. */
async function stuck(engine: EngineHarness, stack: string): Promise<string> {
  engine.aws.fails('awaitServerGroupHealthy', 'LAUNCH_FAILED');
  engine.aws.fails('deleteServerGroup', 'AWS_DENIED');
  const id = await engine.execute([deployStage({ stack })]);
  await engine.result(id);
  engine.aws.before.clear();
  return id;
}

/** Resolves once a person is asked; rejects after as long as the engine may take on a busy machine. */
async function asks(engine: EngineHarness, id: string): Promise<void> {
  const reasons = () =>
    engine.records.state(id).stages.map(({ attempts }) => attempts.at(-1)?.waitingFor?.reason);
  await awaitSoon('a question', async () => reasons().includes('judgment'));
}
