import type { AnalysisReport, ReportedMetric, ReportedSide } from './analysis-report.js';

/** Eight heights of a bar, lowest first. */
const bars = '▁▂▃▄▅▆▇█';

/**
 * A report as Markdown that reads well as plain text, too: outcome and reason first, then the gate, the arms, and each metric
 * with both series drawn to one scale, oldest minute left, a blank where there was no value. Names and reasons are escaped.
 * At most about three times the size of the report.
 */
export function renderReport(report: AnalysisReport): string {
  const score =
    report.score === null
      ? 'not judged'
      : `${report.score} (${report.classification}; pass from ${report.scoreThresholds.pass}, ` +
        `marginal from ${report.scoreThresholds.marginal})`;
  const sections = [
    `# Canary analysis: ${report.outcome}`,
    plain(report.reason),
    [
      `- Score: ${score}`,
      `- Judged: ${report.minutes} minutes from ${report.from}`,
      `- Configuration: ${plain(report.configurationName)}`,
      ...report.groups.map(
        ({ name, score: points, weight }) =>
          `- Group ${plain(name)}: ${points}${weight === null ? '' : `, weight ${weight} %`}`,
      ),
    ].join('\n'),
    '## Gate',
    table(
      ['Check', 'Outcome', 'What was found'],
      report.gate.map(({ check, outcome, reason }) => [check, outcome, plain(reason)]),
    ),
    '## Arms',
    table(
      ['Arm', 'Role', 'Planned weight', 'On the listener', 'Requests'],
      report.arms.map((arm) => [
        plain(arm.name),
        arm.role,
        String(arm.plannedWeight),
        shown(arm.readBackWeight),
        shown(arm.requests),
      ]),
    ),
    '## Metrics',
    ...report.metrics.map((metric) => metricSection(metric, report.minutesPerPoint)),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function metricSection(metric: ReportedMetric, minutesPerPoint: number): string {
  const marks = [
    ...(metric.critical ? ['critical'] : []),
    ...(metric.muted ? ['muted'] : []),
    `bad direction: ${metric.direction}`,
  ];
  const { test } = metric;
  const testLine =
    test === null
      ? 'No test was made.'
      : `Mann-Whitney at ${test.confidencePercent} %: shift ${shown(test.lower)} to ${shown(test.upper)}, ` +
        `estimate ${shown(test.estimate)}; ${test.measure} ${shown(test.effectSize)}.`;
  const sides = { control: metric.control, experiment: metric.experiment };
  const rows = Object.entries(sides).map(([name, side]) => [
    name,
    String(side.count),
    ...[side.mean, side.std, side.min, side.max].map(shown),
  ]);
  return [
    `### ${plain(metric.name)}: ${metric.verdict}`,
    `${plain(metric.reason)} (${marks.join(', ')})`,
    testLine,
    table([plain(metric.unit) || 'arm', 'n', 'mean', 'std', 'min', 'max'], rows),
    chart(sides, minutesPerPoint),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function chart(
  sides: { readonly control: ReportedSide; readonly experiment: ReportedSide },
  minutesPerPoint: number,
): string {
  const values = [...sides.control.series, ...sides.experiment.series].filter(
    (value) => value !== null,
  );
  if (values.length === 0) return '';
  const low = values.reduce((least, value) => Math.min(least, value));
  const high = values.reduce((most, value) => Math.max(most, value));
  const draw = (side: ReportedSide): string =>
    side.series.map((value) => (value === null ? ' ' : bar(value, low, high))).join('');
  return [
    '```',
    `control    ${draw(sides.control)}`,
    `experiment ${draw(sides.experiment)}`,
    `from ${low} to ${high}; one bar is ${minutesPerPoint} min`,
    '```',
  ].join('\n');
}

function bar(value: number, low: number, high: number): string {
  const height = high > low ? (value - low) / (high - low) : 0;
  return bars[Math.min(bars.length - 1, Math.floor(height * bars.length))] ?? '';
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return 'None.';
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function shown(value: number | null): string {
  return value === null ? 'unknown' : String(value);
}

/** On one line, with nothing that Markdown or HTML would take for its own. */
function plain(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]<>|#]/g, String.raw`\$&`);
}
