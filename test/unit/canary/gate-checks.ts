import type { AnalysisReport, GateCheck } from '@gennaker/canary';
import { expect } from 'vitest';

/** What one check of the gate found. */
export function gateCheck(report: AnalysisReport, name: GateCheck['check']): GateCheck {
  const found = report.gate.find((one) => one.check === name);
  if (found === undefined) throw new Error(`${name} was not checked: ${report.reason}`);
  return found;
}

/** The reason of a check that made the whole analysis inconclusive. */
export function refusal(report: AnalysisReport, name: GateCheck['check']): string {
  const found = gateCheck(report, name);
  expect([found.outcome, report.outcome]).toEqual(['inconclusive', 'inconclusive']);
  expect(report.reason).toContain(found.reason.slice(0, 40));
  return found.reason;
}
