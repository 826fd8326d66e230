import type { AnalysisRequest } from '../analysis-request.js';
import type { GateResult } from '../gate/check-gate.js';
import type { GateArm, GateMetric } from '../gate/gate-input.js';
import type { Judgement, JudgeRefusal } from '../judge/netflix-judge.js';
import type { JudgedMinutes } from '../series/judged-minutes.js';

/** Everything that a report is made of. */
export interface ReportParts {
  readonly request: AnalysisRequest;
  readonly judged: JudgedMinutes;
  readonly arms: readonly GateArm[];
  readonly metrics: readonly GateMetric[];
  readonly gate: GateResult;
  /** Undefined where the gate did not let the judge speak. */
  readonly judgement: Judgement | JudgeRefusal | undefined;
}
