/** What every stage has. `requisiteStageRefIds` are the stages that must have passed before (Spinnaker's name). */
export interface StageBase {
  readonly refId: string;
  readonly name: string;
  readonly requisiteStageRefIds: readonly string[];
  /** From the stage's start to the beginning of its undo, in seconds. */
  readonly timeoutSeconds: number;
}
