import type { Adversity } from './adversity.js';
import type { Fleet } from './fleet.js';

/** A strategy as the matrix plays it: the one stage of a cell's execution, on a given fleet. */
export interface StrategyUnderTest {
  readonly name: string;
  /** The instances of the group that serves are replaced: there is no other group. */
  readonly isInPlace?: boolean;
  /** An analysis of its requests decides about it. */
  readonly isJudged?: boolean;
  /** It takes back what this one has deployed before the cell begins. */
  readonly takesBack?: StrategyUnderTest;
  /** Asks over the cluster's own route and not by a pipeline. */
  readonly isAskedFor?: boolean;
  /** The least deadline that the definition allows, in seconds; cells with less are not its cells. */
  readonly stageSecondsMin?: number;
  /** Of a variant of another strategy: only what differs; absent: all are played. */
  plays?(adversity: Adversity): boolean;
  /** The stage, without what all stages have. */
  stageOf(fleet: Fleet, imageId: string): Readonly<Record<string, unknown>>;
}

/** What a deploy stage may have besides its strategy. */
interface DeployExtras {
  readonly onFailure?: 'keepDisabled';
}

type StrategyOf = (fleet: Fleet) => Readonly<Record<string, unknown>>;

const redBlack = deploying('redBlack', () => ({ type: 'redBlack' }));
const rolling: StrategyUnderTest = {
  ...deploying('rolling', () => ({ type: 'rolling', instanceWarmupSeconds: 10 })),
  isInPlace: true,
};
const blueGreen = deploying('blueGreen', (fleet) => ({
  ...blueGreenOf(fleet),
  weightSteps: [{ percent: 34 }, { percent: 67, pauseSeconds: 1 }],
}));
const scaledDown = deploying('redBlack, scaled down', () => ({
  type: 'redBlack',
  scaleDown: true,
}));

/** Seconds of ours that alarms are watched after a switch. */
const bakeSeconds = 3;
/** Minutes of AWS's that a judged canary is watched: six count, one may be broken, the newest two do not. */
const watchMinutes = 9;
const pointsMin = 6;
/** The definition asks for more than the pauses take, as if our time were AWS's. */
const judgedSecondsMin = (watchMinutes + 1) * 60;

/** Every strategy; what is added here is in the matrix by itself, with all adversities. */
export const strategies: readonly StrategyUnderTest[] = [
  deploying('none', () => ({ type: 'none' })),
  redBlack,
  deploying('rollingRedBlack', () => ({ type: 'rollingRedBlack', targetPercents: [34, 67] })),
  rolling,
  blueGreen,
  deploying('blueGreen without a warm time', (fleet) => ({
    ...blueGreenOf(fleet),
    warmSeconds: 0,
  })),
  // A person approves at once: no analysis decides.
  deploying('canary', () => ({
    type: 'canary',
    steps: [
      { weightPercent: 10, pause: { approval: true } },
      { weightPercent: 40, pause: { approval: true } },
    ],
  })),
  {
    ...deploying('judged canary', ({ alarmName }) => ({
      type: 'canary',
      steps: [{ weightPercent: 20, pause: { minutes: watchMinutes } }],
      analysis: { pointsMin },
      alarms: [alarmName],
      bakeSeconds,
      acceptTooLittleTraffic: true,
    })),
    isJudged: true,
    stageSecondsMin: judgedSecondsMin,
    plays: only(/watch|analyse|begin|bad canary|alarm|bake/),
  },
  ...behindAlarms(),
  { ...scaledDown, plays: only(/scaleDown/) },
  {
    ...deploying('redBlack, kept on failure', () => ({ type: 'redBlack' }), {
      onFailure: 'keepDisabled',
    }),
    // A cancel destroys the new group all the same.
    plays: ({ name, expects }) => expects === 'undone' || /after a failure/.test(name),
  },
  rollingBack('rollback', scaledDown),
  { ...rollingBack('rollback asked for', redBlack), isAskedFor: true, plays: only(/at plan$/) },
  rollingBack('rollback by weights', blueGreen, ({ listenerArn }) => ({ ruleArns: [listenerArn] })),
  { ...rollingBack('rollback in place', rolling), isInPlace: true },
];

/** A deploy with that strategy. */
export function deploying(
  name: string,
  strategyOf: StrategyOf,
  extras: DeployExtras = {},
): StrategyUnderTest {
  return {
    name,
    stageOf: (fleet, imageId) => ({
      type: 'deploy',
      name: 'Deploy',
      stack: fleet.stack,
      image: { imageId },
      instanceType: fleet.instanceType,
      strategy: strategyOf(fleet),
      ...extras,
    }),
  };
}

function rollingBack(
  name: string,
  takesBack: StrategyUnderTest,
  extrasOf: StrategyOf = () => ({}),
): StrategyUnderTest {
  return {
    name,
    takesBack,
    stageOf: (fleet) => ({
      type: 'rollbackCluster',
      name: 'Roll back',
      cluster: fleet.cluster,
      ...extrasOf(fleet),
    }),
  };
}

/** Of a variant of another strategy: that it succeeds, and the cells that it alone has. */
function only(names: RegExp): (adversity: Adversity) => boolean {
  return ({ name }) => name === 'success' || names.test(name);
}

/** The same with an alarm that is watched: only what that adds is played. */
function behindAlarms(): readonly StrategyUnderTest[] {
  const watched = (strategyOf: StrategyOf): StrategyOf => {
    return (fleet) => ({ ...strategyOf(fleet), alarms: [fleet.alarmName], bakeSeconds });
  };
  const under = (name: string, strategyOf: StrategyOf): StrategyUnderTest => ({
    ...deploying(`${name} behind alarms`, watched(strategyOf)),
    plays: only(/alarm|bake/),
  });
  return [
    under('redBlack', () => ({ type: 'redBlack' })),
    under('rollingRedBlack', () => ({ type: 'rollingRedBlack', targetPercents: [50] })),
    under('blueGreen', (fleet) => ({
      ...blueGreenOf(fleet),
      weightSteps: [{ percent: 50, pauseSeconds: 1 }],
    })),
    {
      ...under('rolling', () => ({ type: 'rolling', instanceWarmupSeconds: 10 })),
      isInPlace: true,
    },
  ];
}

/** The fleet's load balancer forwards by its default action, with both target groups in it. */
function blueGreenOf({ targetGroupArns, listenerArn }: Fleet) {
  return { type: 'blueGreen', targetGroupArns: [...targetGroupArns], ruleArns: [listenerArn] };
}

/** The pipeline of a cell: its one stage. */
export function pipelineOf(
  strategy: StrategyUnderTest,
  fleet: Fleet,
  stage: { readonly imageId: string; readonly timeoutSeconds: number },
) {
  const { imageId, timeoutSeconds } = stage;
  return {
    schemaVersion: 1,
    application: 'web',
    name: `matrix-${fleet.stack}`,
    stages: [
      {
        refId: 'deploy',
        account: 'demo',
        region: 'eu-west-1',
        ...strategy.stageOf(fleet, imageId),
        timeoutSeconds,
      },
    ],
  };
}
