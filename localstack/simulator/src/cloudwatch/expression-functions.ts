import {
  instantsOf,
  mapSeries,
  scalar,
  valueAt,
  type Series,
  type Value,
} from './expression-values.js';

/** What an expression is evaluated over, epoch milliseconds: FILL gives points to all periods in it. */
export interface Range {
  readonly from: number;
  readonly until: number;
}

/** Returns `undefined` when the arguments are not what the function takes. */
type MathFunction = (args: readonly Value[], range: Range) => Value | undefined;

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html#metric-math-syntax */
export const FUNCTIONS: Readonly<Record<string, MathFunction>> = {
  ABS: (args) => each(args, Math.abs),
  CEIL: (args) => each(args, Math.ceil),
  FLOOR: (args) => each(args, Math.floor),
  LOG: (args) => each(args, Math.log),
  LOG10: (args) => each(args, Math.log10),
  SUM: (args) => aggregated(args, (values) => values.reduce((a, b) => a + b, 0)),
  AVG: (args) => aggregated(args, (values) => values.reduce((a, b) => a + b, 0) / values.length),
  MIN: (args) => aggregated(args, (values) => Math.min(...values)),
  MAX: (args) => aggregated(args, (values) => Math.max(...values)),
  STDDEV: (args) => aggregated(args, deviation),
  METRIC_COUNT: ([list]) => (list?.kind === 'list' ? scalar(list.items.length) : undefined),
  PERIOD: ([value]) => (value?.kind === 'series' ? scalar(value.series.periodSeconds) : undefined),
  FIRST: ([list]) => itemOf(list, 0),
  LAST: ([list]) => itemOf(list, -1),
  RATE: (args) => eachSeries(args, (series) => steps(series, (rise, seconds) => rise / seconds)),
  DIFF: (args) => eachSeries(args, (series) => steps(series, (rise) => rise)),
  RUNNING_SUM: (args) =>
    eachSeries(args, (series) => {
      let total = 0;
      return mapSeries(series, (value) => (total += value));
    }),
  IF: choose,
  FILL: fill,
};

function each(args: readonly Value[], change: (value: number) => number): Value | undefined {
  const [value] = args;
  if (value?.kind === 'scalar') return scalar(change(value.value));
  return eachSeries(args, (series) => mapSeries(series, change));
}

function eachSeries(args: readonly Value[], change: (series: Series) => Series): Value | undefined {
  const [value] = args;
  if (value?.kind === 'series') return { kind: 'series', series: change(value.series) };
  if (value?.kind === 'list') return { kind: 'list', items: value.items.map(change) };
  return undefined;
}

/** Over one series: a scalar. Over several: a series of what is there at each instant. */
function aggregated(
  [value]: readonly Value[],
  by: (values: readonly number[]) => number,
): Value | undefined {
  if (value?.kind === 'series') {
    const values = [...value.series.points.values()];
    return scalar(values.length === 0 ? Number.NaN : by(values));
  }
  if (value?.kind !== 'list') return undefined;
  const points = new Map<number, number>();
  for (const at of instantsOf(value.items)) {
    const values = value.items
      .map((series) => series.points.get(at))
      .filter((point) => point !== undefined);
    points.set(at, by(values));
  }
  const periodSeconds = Math.max(1, ...value.items.map((series) => series.periodSeconds));
  return { kind: 'series', series: { label: '', periodSeconds, points } };
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

function itemOf(list: Value | undefined, index: number): Value | undefined {
  const series = list?.kind === 'list' ? list.items.at(index) : undefined;
  return series === undefined ? undefined : { kind: 'series', series };
}

function steps(series: Series, by: (rise: number, seconds: number) => number): Series {
  let previous: readonly [number, number] | undefined;
  return mapSeries(series, (value, at) => {
    const before = previous;
    previous = [at, value];
    return before === undefined ? undefined : by(value - before[1], (at - before[0]) / 1000);
  });
}

/** "IF(condition, trueValue, falseValue)"; without a point there is none, except where the choice is a scalar. */
function choose([condition, yes, no]: readonly Value[]): Value | undefined {
  if (condition === undefined || yes === undefined) return undefined;
  if (condition.kind === 'scalar') return condition.value === 0 ? no : yes;
  if (condition.kind !== 'series') return undefined;
  return {
    kind: 'series',
    series: mapSeries(condition.series, (value, at) => {
      const chosen = value === 0 ? no : yes;
      return chosen === undefined ? undefined : valueAt(chosen, at);
    }),
  };
}

/** Gives every period of the range a point: a value, that of another series, REPEAT (the last) or LINEAR. */
function fill([value, filler]: readonly Value[], range: Range): Value | undefined {
  const by = fillerOf(filler);
  if (value === undefined || by === undefined) return undefined;
  return eachSeries([value], (series) => {
    const periodMs = series.periodSeconds * 1000;
    const points = new Map<number, number>();
    for (let at = Math.floor(range.from / periodMs) * periodMs; at < range.until; at += periodMs) {
      const filled = series.points.get(at) ?? by(series, at);
      if (filled !== undefined) points.set(at, filled);
    }
    return { ...series, points };
  });
}

function fillerOf(
  filler: Value | undefined,
): ((series: Series, at: number) => number | undefined) | undefined {
  if (filler === undefined) return undefined;
  if (filler.kind === 'scalar' || filler.kind === 'series') return (_, at) => valueAt(filler, at);
  if (filler.kind !== 'text') return undefined;
  if (filler.value === 'REPEAT') return (series, at) => neighbours(series, at).before?.[1];
  if (filler.value === 'LINEAR') return between;
  return undefined;
}

function between(series: Series, at: number): number | undefined {
  const { before, after } = neighbours(series, at);
  if (before === undefined || after === undefined) return before?.[1] ?? after?.[1];
  const share = (at - before[0]) / (after[0] - before[0]);
  return before[1] + share * (after[1] - before[1]);
}

function neighbours(series: Series, at: number) {
  const points = [...series.points];
  return {
    before: points.findLast(([instant]) => instant < at),
    after: points.find(([instant]) => instant > at),
  };
}
