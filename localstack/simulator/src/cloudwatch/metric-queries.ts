import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { validationError } from '../wire/aws-error.js';
import type { Scope } from '../world/scope.js';
import { evaluateExpression } from './expressions.js';
import type { Series, Value } from './expression-values.js';
import { readStatistic, type StatisticPoint } from './metric-reading.js';
import type { Span } from './metric-source.js';

export interface QueryResult {
  readonly id: string;
  readonly label: string;
  readonly points: readonly StatisticPoint[];
  /** False: the query only feeds others. */
  readonly returned: boolean;
}

type Identified = Series & { readonly id: string };

/**
 * Answers metric queries: statistics of metrics, and metric math over them. An expression may name queries that come
 * after it; a circle of expressions is refused.
 */
export function evaluateQueries(
  scope: Scope,
  queries: readonly MetricDataQuery[],
  span: Span,
): readonly QueryResult[] {
  const evaluation = new Queries(scope, queries, span);
  return queries.flatMap((query) => evaluation.results(query));
}

class Queries {
  readonly #values = new Map<string, Value>();
  readonly #underWay = new Set<string>();

  constructor(
    private readonly scope: Scope,
    private readonly queries: readonly MetricDataQuery[],
    private readonly span: Span,
  ) {}

  results(query: MetricDataQuery): readonly QueryResult[] {
    const value = this.#value(query);
    const id = query.Id ?? '';
    const returned = query.ReturnData !== false;
    const result = (series: Series): QueryResult => ({
      id,
      returned,
      label:
        query.Label ?? (series.label === '' || query.Expression !== undefined ? id : series.label),
      points: [...series.points].map(([at, point]) => ({ at, value: point })),
    });
    if (value.kind === 'series') return [result(value.series)];
    if (value.kind === 'list')
      return value.items.map((series) => ({
        ...result(series),
        label: query.Label ?? series.label,
      }));
    if (!returned) return [];
    throw validationError(
      `Error in expression '${id}': The final result of an expression must be a time series or an array of time series`,
    );
  }

  #value(query: MetricDataQuery): Value {
    const id = query.Id ?? '';
    const known = this.#values.get(id);
    if (known !== undefined) return known;
    if (this.#underWay.has(id))
      throw validationError(`Error in expression '${id}': The expressions form a circle`);
    this.#underWay.add(id);
    const value = query.Expression === undefined ? this.#read(query) : this.#compute(query);
    this.#values.set(id, value);
    return value;
  }

  #read(query: MetricDataQuery): Value {
    const stat = query.MetricStat;
    const metric = stat?.Metric;
    const periodSeconds = stat?.Period ?? 60;
    const points = readStatistic(
      this.scope,
      {
        namespace: metric?.Namespace ?? '',
        name: metric?.MetricName ?? '',
        dimensions: metric?.Dimensions ?? [],
      },
      { ...this.span, periodSeconds, statistic: stat?.Stat ?? '' },
    );
    const series = {
      id: query.Id ?? '',
      label: query.Label ?? metric?.MetricName ?? '',
      periodSeconds,
      points: new Map(points.map(({ at, value }) => [at, value])),
    };
    return { kind: 'series', series };
  }

  #compute(query: MetricDataQuery): Value {
    const value = evaluateExpression(query.Expression ?? '', {
      range: this.span,
      find: (id) => {
        const named = this.queries.find((candidate) => candidate.Id === id);
        return named === undefined ? undefined : this.#value(named);
      },
      metrics: () => this.#metrics(),
    });
    if (value.kind !== 'series') return value;
    return { kind: 'series', series: { ...value.series, label: query.Label ?? query.Id ?? '' } };
  }

  #metrics(): readonly Identified[] {
    return this.queries.flatMap((query) => {
      const value = query.MetricStat === undefined ? undefined : this.#value(query);
      return value?.kind === 'series' ? [{ ...value.series, id: query.Id ?? '' }] : [];
    });
  }
}
