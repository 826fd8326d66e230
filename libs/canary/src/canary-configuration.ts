/** The judge that this room is: the name by which a canary configuration asks for it. */
export const netflixJudgeName = 'NetflixACAJudge-v1.0';

/** Score points, 0 to 100: at least `pass` is Pass, at least `marginal` is Marginal, below is Fail. */
export interface ScoreThresholds {
  readonly pass: number;
  readonly marginal: number;
}

/** How the size of an effect is measured: mean of the experiment over mean of the control, or the share of pairs. */
export interface EffectSizeConfiguration {
  /** `meanRatio` (also for any unknown word) or `cles`, the common-language effect size. */
  readonly measure?: string;
  readonly allowedIncrease?: number;
  readonly allowedDecrease?: number;
  readonly criticalIncrease?: number;
  readonly criticalDecrease?: number;
}

/**
 * How one metric is judged. Words are case-sensitive, and an unknown one means the default, as in Kayenta: direction
 * `either`, nanStrategy `remove`, outliers `keep`. Effect sizes default to 1 for a ratio of means, to 0.5 for `cles`.
 */
export interface CanaryAnalysisConfiguration {
  /** `increase`, `decrease` or `either`: which change is bad. */
  readonly direction?: string;
  /** `remove` drops missing points, `replace` makes each of them 0. */
  readonly nanStrategy?: string;
  /** A failure of this metric forces the score to 0. */
  readonly critical?: boolean;
  /** No data fails the metric instead of leaving it out. */
  readonly mustHaveData?: boolean;
  /** Judged and shown, not counted. */
  readonly muted?: boolean;
  readonly outliers?: { readonly strategy?: string; readonly outlierFactor?: number };
  readonly effectSize?: EffectSizeConfiguration;
}

/** A metric of a canary configuration. `query` belongs to the source of the metric; the judge does not look at it. */
export interface CanaryMetricConfiguration {
  readonly name: string;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly groups: readonly string[];
  readonly scopeName?: string;
  readonly analysisConfigurations?: { readonly canary?: CanaryAnalysisConfiguration };
}

/**
 * A canary configuration as Kayenta's API takes it. The judge reads `metrics[].{name, groups, analysisConfigurations.canary}`
 * and `classifier.groupWeights`; thresholds come with the run, those of the classifier are what a screen proposes.
 * The schema that checks it stands in the contract (`canaryConfigurationSchema`).
 */
export interface CanaryConfiguration {
  readonly name: string;
  readonly id?: string;
  readonly description?: string;
  readonly configVersion?: string;
  readonly applications?: readonly string[];
  readonly judge?: { readonly name: typeof netflixJudgeName };
  readonly metrics: readonly CanaryMetricConfiguration[];
  readonly templates?: Readonly<Record<string, string>>;
  readonly classifier: {
    /** Percent of the score by group; groups without one share what is left of 100. */
    readonly groupWeights: Readonly<Record<string, number>>;
    readonly scoreThresholds?: ScoreThresholds;
  };
}
