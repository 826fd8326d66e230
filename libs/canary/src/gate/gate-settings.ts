/** What the gate asks for before a judgement may be made. */
export interface GateSettings {
  /** Minutes with a value that each judged metric needs in each arm. */
  readonly pointsMin: number;
  /** Requests that each arm needs in the judged minutes. */
  readonly requestsMin: number;
  /** How often a right split may be refused: one-sided levels of both directions and of all arms together. */
  readonly sampleRatioAlpha: number;
  /** How far an arm's share may be off without a word, in percent of the smaller of its share and the rest. */
  readonly shareTolerancePercent: number;
  /** How many times the control's error rate is harm; null leaves the totals to the judge. */
  readonly harmRatio: number | null;
  /** How often equal arms may be failed for their error totals, for all error metrics together. */
  readonly harmAlpha: number;
  /** Judges in spite of the faults of a configuration; the report names them all the same. */
  readonly acceptConfiguration: boolean;
}

/** The safe settings. */
export const defaultGateSettings: GateSettings = {
  // Kayenta warns below 50 points and judges all the same; two points are then enough for it to fail a metric.
  pointsMin: 50,
  // Amazon's floor for bake times: a hundred requests, below which a rate says nothing.
  requestsMin: 100,
  // The level that experimenters use for sample ratios: one deploy in a thousand is held for nothing.
  sampleRatioAlpha: 0.001,
  // Load balancer nodes split by turns, not by a plan for all; a wrong weight or a sticky client is off by far more.
  shareTolerancePercent: 5,
  // Half as many errors again is what the default configuration calls critical.
  harmRatio: 1.5,
  // As rare as a refusal of a right split.
  harmAlpha: 0.001,
  acceptConfiguration: false,
};

/** Metrics of one analysis: a report on each must fit. The schema of a configuration has the same bound. */
export const analysisMetricsMax = 40;

/** Arms of one analysis: control, experiment, and what else takes traffic; a load balancer's rule has at most five. */
export const analysisArmsMax = 8;
