import type { AnalysisReport, ReportedMetric } from './analysis-report.js';
import { analysisArmsMax, analysisMetricsMax } from '../gate/gate-settings.js';
import { cutText, jsonBytes } from './json-bytes.js';

/** Bytes of a report as JSON: a quarter of what an event and an activity's result may have (256 KiB), beside other things. */
export const reportBytesMax = 64 * 1024;

/** Groups of the score that are listed. */
const reportedGroupsMax = 40;

/** Groups listed with one metric. */
const groupsPerMetricMax = 3;

/** Bytes of a name in a report. */
const nameBytesMax = 64;

/** Bytes of the reason of a metric. */
const metricReasonBytesMax = 160;

/** Bytes of the reason of the report and of each check of the gate. */
const reasonBytesMax = 1000;

/**
 * Cuts names, reasons and lists to their bounds. What is left without series takes less than the bound of a report, so
 * that series alone are left to fit.
 */
export function boundTexts(report: AnalysisReport): AnalysisReport {
  return {
    ...report,
    reason: cutText(report.reason, reasonBytesMax),
    configurationName: cutText(report.configurationName, nameBytesMax),
    groups: report.groups
      .slice(0, reportedGroupsMax)
      .map((group) => ({ ...group, name: cutText(group.name, nameBytesMax) })),
    gate: report.gate.map((check) => ({ ...check, reason: cutText(check.reason, reasonBytesMax) })),
    arms: report.arms
      .slice(0, analysisArmsMax)
      .map((arm) => ({ ...arm, name: cutText(arm.name, nameBytesMax) })),
    metrics: report.metrics.slice(0, analysisMetricsMax).map(boundMetric),
  };
}

/** Whether a report is within its bound. */
export function fits(report: AnalysisReport): boolean {
  return jsonBytes(report) <= reportBytesMax;
}

function boundMetric(metric: ReportedMetric): ReportedMetric {
  return {
    ...metric,
    name: cutText(metric.name, nameBytesMax),
    groups: metric.groups.slice(0, groupsPerMetricMax).map((group) => cutText(group, nameBytesMax)),
    reason: cutText(metric.reason, metricReasonBytesMax),
  };
}
