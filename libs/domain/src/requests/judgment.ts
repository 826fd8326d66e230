/** What a person decides: that the stage goes on, or that it ends TERMINAL (Spinnaker's judgmentStatus). */
export type JudgmentDecision = 'continue' | 'stop';

/** What a person is asked, while a stage waits for the answer. */
export interface RequestedJudgment {
  /** Unique within the attempt: a stage may ask more than once. */
  readonly judgmentId: string;
  readonly instructions: string;
  /** The choices, one of which comes with `continue`; empty: none is asked for (Spinnaker's judgmentInputs). */
  readonly inputs: readonly string[];
  /** Without an answer by then the stage ends, ISO 8601. */
  readonly deadline: string;
}

/** The answer, kept for the life of the execution, so that a repeat gets the same one. */
export interface GivenJudgment {
  readonly requestId: string;
  readonly bodyHash: string;
  readonly decision: JudgmentDecision;
  readonly input: string | null;
  readonly by: string;
  readonly reason: string;
}

export interface JudgmentState extends RequestedJudgment {
  /** Null while nobody has answered. */
  readonly given: GivenJudgment | null;
}
