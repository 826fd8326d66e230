import { renderReport, type AnalysisReport } from '@gennaker/canary';
import { z } from 'zod';

import { httpBounds, nextCursorSchema, queryInt, timeSchema } from './common.js';

const outcomeSchema = z.enum(['pass', 'inconclusive', 'fail']);
const shown = z.number().nullable();

const sideSchema = z
  .object({
    count: z.int(),
    min: shown,
    max: shown,
    mean: shown,
    std: shown,
    series: z.array(shown).meta({ description: 'Oldest first; null where there was no value.' }),
  })
  .meta({ id: 'AnalysisSide' });

const testSchema = z
  .object({
    name: z.literal('mannWhitney'),
    confidencePercent: z.number(),
    lower: shown,
    upper: shown,
    estimate: shown,
    measure: z.enum(['meanRatio', 'cles']),
    effectSize: shown,
  })
  .meta({ id: 'AnalysisTest' });

const metricSchema = z
  .object({
    name: z.string(),
    unit: z.string(),
    groups: z.array(z.string()),
    direction: z.enum(['increase', 'decrease', 'either']),
    critical: z.boolean(),
    muted: z.boolean(),
    verdict: z.enum(['Pass', 'High', 'Low', 'Error', 'Nodata', 'NodataFailMetric', 'NotJudged']),
    forcedToZero: z.boolean(),
    reason: z.string(),
    ratio: shown,
    test: testSchema.nullable(),
    control: sideSchema,
    experiment: sideSchema,
  })
  .meta({ id: 'AnalysedMetric', description: 'Both series, the test, the verdict, the reason.' });

const gateCheckSchema = z
  .object({
    check: z.enum([
      'configuration',
      'metricReads',
      'weights',
      'enoughRequests',
      'sampleRatio',
      'enoughData',
      'errorTotals',
    ]),
    outcome: outcomeSchema,
    reason: z.string(),
  })
  .meta({ id: 'AnalysisGateCheck' });

const armSchema = z
  .object({
    role: z.enum(['control', 'experiment', 'other']),
    name: z.string(),
    plannedWeight: z.number(),
    readBackWeight: shown,
    requests: shown,
  })
  .meta({ id: 'AnalysisArm' });

/** A canary analysis as `libs/canary` reports it. */
export const analysisReportSchema = z
  .object({
    version: z.literal(1),
    outcome: outcomeSchema,
    reason: z.string(),
    from: timeSchema,
    minutes: z.int(),
    minutesPerPoint: z.int(),
    configurationName: z.string(),
    scoreThresholds: z.object({ pass: z.number(), marginal: z.number() }),
    score: shown,
    classification: z.enum(['Pass', 'Marginal', 'Fail']).nullable(),
    groups: z.array(z.object({ name: z.string(), score: z.number(), weight: shown })),
    gate: z.array(gateCheckSchema),
    arms: z.array(armSchema),
    metrics: z.array(metricSchema),
  })
  .meta({
    id: 'AnalysisReport',
    description: 'Outcome and reason, the gate, the arms, and each metric with both its series.',
  }) satisfies z.ZodType<AnalysisReport>;

/** One analysis of an execution with its report. */
export const analysisRowSchema = z
  .object({
    position: z.int().meta({ description: 'Of its event.' }),
    at: timeSchema,
    refId: z.string(),
    attempt: z.int(),
    analysisId: z.string(),
    stepId: z.string(),
    report: analysisReportSchema,
  })
  .meta({ id: 'AnalysisRow' });

export type AnalysisRow = z.output<typeof analysisRowSchema>;

export const analysisListSchema = z
  .object({
    analyses: z.array(analysisRowSchema).meta({ description: 'Newest first.' }),
    nextCursor: nextCursorSchema,
  })
  .meta({ id: 'AnalysisList' });

export type AnalysisList = z.output<typeof analysisListSchema>;

/** Query of `GET /v1/executions/{id}/analyses`. */
export const analysisListQuerySchema = z.strictObject({
  format: z.enum(['json', 'text']).exactOptional().meta({
    description: 'text: the reports as Markdown that reads well as plain text. Default: json.',
  }),
  limit: queryInt(1, httpBounds.pageSizeMax).exactOptional(),
  cursor: queryInt(1, 2 ** 31 - 1)
    .exactOptional()
    .meta({ description: '`nextCursor` of the page before.' }),
});

/** Analyses as people read them: Markdown that reads well as plain text, newest first. */
export function analysesAsText(rows: readonly AnalysisRow[]): string {
  if (rows.length === 0) return 'No canary analysis was made.\n';
  return rows
    .map(
      ({ refId, attempt, stepId, at, report }) =>
        `<!-- stage ${refId}, attempt ${attempt}, step ${stepId}, ${at} -->\n\n${renderReport(report)}`,
    )
    .join('\n---\n\n');
}
