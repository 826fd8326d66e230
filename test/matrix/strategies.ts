import type { Fleet } from './fleet.js';

/** A strategy as the matrix plays it: its part of the deploy stage, on a given fleet. */
export interface StrategyUnderTest {
  readonly name: string;
  /** The instances of the group that serves are replaced: there is no other group. */
  readonly isInPlace?: boolean;
  strategyOf(fleet: Fleet): Readonly<Record<string, unknown>>;
}

/** Every strategy; what is added here is in the matrix by itself, with all adversities. */
export const strategies: readonly StrategyUnderTest[] = [
  { name: 'none', strategyOf: () => ({ type: 'none' }) },
  { name: 'redBlack', strategyOf: () => ({ type: 'redBlack' }) },
  {
    name: 'rollingRedBlack',
    strategyOf: () => ({ type: 'rollingRedBlack', targetPercents: [34, 67] }),
  },
  {
    name: 'rolling',
    isInPlace: true,
    strategyOf: () => ({ type: 'rolling', instanceWarmupSeconds: 10 }),
  },
  {
    name: 'blueGreen',
    strategyOf: (fleet) => ({
      ...blueGreenOf(fleet),
      weightSteps: [{ percent: 34 }, { percent: 67, pauseSeconds: 1 }],
    }),
  },
  {
    name: 'blueGreen without a warm time',
    strategyOf: (fleet) => ({ ...blueGreenOf(fleet), warmSeconds: 0 }),
  },
  {
    // A person approves at once: an analysis needs an hour of traffic and changes nothing.
    name: 'canary',
    strategyOf: () => ({
      type: 'canary',
      steps: [
        { weightPercent: 10, pause: { approval: true } },
        { weightPercent: 40, pause: { approval: true } },
      ],
    }),
  },
];

/** The fleet's load balancer forwards by its default action, with both target groups in it. */
function blueGreenOf({ targetGroupArns, listenerArn }: Fleet) {
  return { type: 'blueGreen', targetGroupArns: [...targetGroupArns], ruleArns: [listenerArn] };
}

/** The pipeline of a cell: one deploy stage. */
export function pipelineOf(
  strategy: StrategyUnderTest,
  fleet: Fleet,
  deploy: { readonly imageId: string; readonly timeoutSeconds: number },
) {
  return {
    schemaVersion: 1,
    application: 'web',
    name: `matrix-${fleet.stack}`,
    stages: [
      {
        refId: 'deploy',
        type: 'deploy',
        name: 'Deploy',
        account: 'demo',
        region: 'eu-west-1',
        stack: fleet.stack,
        image: { imageId: deploy.imageId },
        instanceType: fleet.instanceType,
        strategy: strategy.strategyOf(fleet),
        timeoutSeconds: deploy.timeoutSeconds,
      },
    ],
  };
}
