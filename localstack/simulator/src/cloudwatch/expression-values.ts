/** A time series: values at the beginnings of periods (epoch milliseconds), in the order of time. */
export interface Series {
  readonly label: string;
  readonly periodSeconds: number;
  readonly points: ReadonlyMap<number, number>;
}

/** What an expression gives: AWS's S, TS and TS[]. */
export type Value =
  | { readonly kind: 'scalar'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'series'; readonly series: Series }
  | { readonly kind: 'list'; readonly items: readonly Series[] };

export type NumberFunction = (a: number, b: number) => number | undefined;

export const OPERATORS: Readonly<Record<string, NumberFunction>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  // A division by zero has no value, so the series has no point there.
  '/': (a, b) => (b === 0 ? undefined : a / b),
  '^': (a, b) => a ** b,
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
  '<': (a, b) => Number(a < b),
  '>': (a, b) => Number(a > b),
  '<=': (a, b) => Number(a <= b),
  '>=': (a, b) => Number(a >= b),
  AND: (a, b) => Number(a !== 0 && b !== 0),
  '&&': (a, b) => Number(a !== 0 && b !== 0),
  OR: (a, b) => Number(a !== 0 || b !== 0),
  '||': (a, b) => Number(a !== 0 || b !== 0),
};

export function scalar(value: number): Value {
  return { kind: 'scalar', value };
}

export function mapSeries(
  series: Series,
  change: (value: number, at: number) => number | undefined,
): Series {
  const points = new Map<number, number>();
  for (const [at, value] of series.points) {
    const changed = change(value, at);
    if (changed !== undefined && Number.isFinite(changed)) points.set(at, changed);
  }
  return { ...series, points };
}

/** Item by item: two series meet where both have a point. */
export function combine(left: Value, right: Value, by: NumberFunction): Value | undefined {
  if (left.kind === 'text' || right.kind === 'text') return undefined;
  if (left.kind === 'scalar' && right.kind === 'scalar')
    return scalar(by(left.value, right.value) ?? Number.NaN);
  if (left.kind === 'list' && right.kind === 'list') return undefined;
  if (left.kind === 'list')
    return { kind: 'list', items: left.items.map((item) => combineSeries(item, right, by)) };
  if (right.kind === 'list') {
    return {
      kind: 'list',
      items: right.items.map((item) => combineSeries(item, left, (a, b) => by(b, a))),
    };
  }
  if (left.kind === 'series')
    return { kind: 'series', series: combineSeries(left.series, right, by) };
  if (right.kind === 'series') {
    return { kind: 'series', series: combineSeries(right.series, left, (a, b) => by(b, a)) };
  }
  return undefined;
}

function combineSeries(series: Series, other: Value, by: NumberFunction): Series {
  return mapSeries(series, (value, at) => {
    const second = valueAt(other, at);
    return second === undefined ? undefined : by(value, second);
  });
}

export function valueAt(value: Value, at: number): number | undefined {
  if (value.kind === 'scalar') return value.value;
  return value.kind === 'series' ? value.series.points.get(at) : undefined;
}

/** All instants at which one of them has a point, in order. */
export function instantsOf(list: readonly Series[]): readonly number[] {
  return [...new Set(list.flatMap(({ points }) => [...points.keys()]))].toSorted((a, b) => a - b);
}
