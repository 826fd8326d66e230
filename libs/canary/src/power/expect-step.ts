import type { GateSettings } from '../gate/gate-settings.js';
import { unjudgedMinutesAtEnd } from '../series/judged-minutes.js';
import { smallestHarmfulRise, smallestRiseOfProportions } from './smallest-rise.js';
import { expectedRequests, minutesPerDay, type TrafficDay } from './traffic-day.js';

/** Who the experiment is compared with: all the rest, or a fresh group of the old version with the same share. */
export type ControlKind = 'runningFleet' | 'freshBaseline';

/** A step of a canary as it is planned. */
export interface PlannedStep {
  readonly startMs: number;
  /** From when the weight holds to the analysis. */
  readonly minutes: number;
  /** Percent of the requests that the experiment gets. */
  readonly experimentPercent: number;
  readonly control: ControlKind;
}

/** What one arm is expected to have in the judged minutes of a step. */
export interface ArmExpectation {
  readonly requests: number;
  /** Minutes with at least one request, so minutes in which a rate or a response time has a value. */
  readonly points: number;
}

/** What would be enough, one way or the other; null where that way alone cannot do it. */
export interface StepProposal {
  /** Minutes of the step at the same share, at most a day. */
  readonly minutes: number | null;
  /** Whole percent at the same duration, at most 50. */
  readonly experimentPercent: number | null;
}

/** What a step can show. */
export interface StepExpectation {
  readonly control: ArmExpectation;
  readonly experiment: ArmExpectation;
  /** Both arms have what the gate asks for in all but one of about forty runs. */
  readonly enough: boolean;
  /** Only where it is not enough. */
  readonly proposal: StepProposal | null;
  /** The smallest rise of the error rate, in errors per request, that is found four times of five; null where none is. */
  readonly smallestRise: number | null;
  /** For people: what to expect, what it shows, and what would do. */
  readonly reason: string;
}

/** Probability with which the stated rise is found: the usual one of sample-size tables. */
export const riseFoundPower = 0.8;

/** One-sided level of the judge's interval: half of what 98 % leaves. */
const judgeAlpha = 0.01;

/** Failure metrics of the default configuration, which share the level of the error totals. */
const failureMetrics = 2;

/** Standard deviations by which an expectation must clear a minimum: chance stays above it in 39 of 40 runs. */
const clearance = 2;

/** Largest share that is proposed: with more, the experiment is the fleet. */
const experimentPercentMax = 50;

/**
 * What a step of a canary can show, from the last day's traffic at the same hours: the requests and minutes to expect in
 * each arm, whether that is what the gate will ask for, the smallest rise of errors that would be caught, and, where it is
 * not enough, what share or duration would be. Requests are taken to come independently; the last two minutes are not
 * judged and do not count. A step shorter than three minutes has nothing to judge.
 */
export function expectStep(
  day: TrafficDay,
  step: PlannedStep,
  settings: GateSettings,
): StepExpectation {
  const arms = expectArms(day, step);
  const [control, experiment] = [stated(arms.control), stated(arms.experiment)];
  const enough = isEnough(day, step, settings);
  const proposal = enough ? null : propose(day, step, settings);
  const smallestRise = riseOf(day, step, settings);
  const facts = { control, experiment, enough, proposal, smallestRise };
  return { ...facts, reason: explain(facts, step, settings) };
}

function expectArms(day: TrafficDay, step: PlannedStep) {
  const minutes = Math.max(0, step.minutes - unjudgedMinutesAtEnd);
  const requests = expectedRequests(day, { startMs: step.startMs, minutes });
  const share = step.experimentPercent / 100;
  return {
    experiment: expectArm(requests, share),
    control: expectArm(requests, step.control === 'runningFleet' ? 1 - share : share),
  };
}

interface ArmForecast extends ArmExpectation {
  /** Variance of the number of minutes with a request. */
  readonly pointsVariance: number;
}

function expectArm(requests: readonly number[], share: number): ArmForecast {
  const quiet = requests.map((count) => Math.exp(-count * share));
  return {
    requests: requests.reduce((sum, count) => sum + count * share, 0),
    points: quiet.reduce((sum, none) => sum + 1 - none, 0),
    pointsVariance: quiet.reduce((sum, none) => sum + none * (1 - none), 0),
  };
}

function stated({ requests, points }: ArmForecast): ArmExpectation {
  return { requests, points };
}

function isEnough(day: TrafficDay, step: PlannedStep, settings: GateSettings): boolean {
  const arms = expectArms(day, step);
  return [arms.control, arms.experiment].every(
    ({ requests, points, pointsVariance }) =>
      requests - clearance * Math.sqrt(requests) >= settings.requestsMin &&
      points - clearance * Math.sqrt(pointsVariance) >= settings.pointsMin,
  );
}

function propose(day: TrafficDay, step: PlannedStep, settings: GateSettings): StepProposal {
  const minutes = firstThat(step.minutes + 1, minutesPerDay, (candidate) =>
    isEnough(day, { ...step, minutes: candidate }, settings),
  );
  const experimentPercent = firstThat(
    Math.floor(step.experimentPercent) + 1,
    experimentPercentMax,
    (candidate) => isEnough(day, { ...step, experimentPercent: candidate }, settings),
  );
  return { minutes, experimentPercent };
}

/** The smallest whole number of a range that is enough, given that more is better. */
function firstThat(
  from: number,
  to: number,
  isGood: (candidate: number) => boolean,
): number | null {
  if (from > to || !isGood(to)) return null;
  let [bad, good] = [from - 1, to];
  while (good - bad > 1) {
    const middle = Math.floor((bad + good) / 2);
    if (isGood(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

/** What the gate's totals find; where those are switched off, what the best test at the judge's level could. */
function riseOf(day: TrafficDay, step: PlannedStep, settings: GateSettings): number | null {
  const { control, experiment } = expectArms(day, step);
  const rates = {
    errorRate: day.errorRate,
    control: control.requests,
    experiment: experiment.requests,
    power: riseFoundPower,
  };
  return settings.harmRatio === null
    ? smallestRiseOfProportions({ ...rates, alpha: judgeAlpha })
    : smallestHarmfulRise({
        ...rates,
        alpha: settings.harmAlpha / failureMetrics,
        harmRatio: settings.harmRatio,
        minutes: step.minutes - unjudgedMinutesAtEnd,
      });
}

function explain(
  facts: Omit<StepExpectation, 'reason'>,
  step: PlannedStep,
  settings: GateSettings,
): string {
  const { control, experiment, smallestRise } = facts;
  const expected =
    `${step.minutes} minutes at ${step.experimentPercent} %: about ${whole(experiment.requests)} requests in ` +
    `${whole(experiment.points)} minutes for the experiment, ${whole(control.requests)} in ` +
    `${whole(control.points)} for the control`;
  if (!facts.enough) {
    return (
      `${expected}; ${settings.requestsMin} requests and ${settings.pointsMin} minutes are needed in each arm, ` +
      `with something to spare; ${proposalWords(facts.proposal)}`
    );
  }
  return smallestRise === null
    ? `${expected}; no rise of errors would be caught by their totals`
    : `${expected}; a rise of errors by ${percentage(smallestRise)} of requests is caught 4 times of 5`;
}

function proposalWords(proposal: StepProposal | null): string {
  const { minutes, experimentPercent } = proposal ?? { minutes: null, experimentPercent: null };
  const ways = [
    ...(minutes === null ? [] : [`${minutes} minutes`]),
    ...(experimentPercent === null ? [] : [`${experimentPercent} %`]),
  ];
  return ways.length === 0
    ? 'neither a day nor half of the traffic alone would do'
    : `${ways.join(' or ')} would do`;
}

function whole(value: number): string {
  return String(Math.round(value));
}

function percentage(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}
