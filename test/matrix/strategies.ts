import type { Fleet } from './fleet.js';

/** A strategy as the matrix plays it: its part of the deploy stage, on a given fleet. */
export interface StrategyUnderTest {
  readonly name: string;
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
];

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
