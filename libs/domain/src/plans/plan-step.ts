import type { Capacity, ServerGroupRef } from '../cluster.js';

/** One step: an operation on one server group. `id` is unique within the plan and stable. */
export type PlanStep =
  | (StepBase & { readonly operation: 'createServerGroup' })
  | (StepBase & { readonly operation: 'resizeServerGroup'; readonly capacity: Capacity })
  | (StepBase & { readonly operation: 'awaitHealthy'; readonly instancesHealthyMin: number })
  | (StepBase & {
      readonly operation: 'disableServerGroup';
      /** The fresh look that must hold at the moment of the disable. */
      readonly guard: DisableGuard;
    })
  | (StepBase & { readonly operation: 'verifyDeploy'; readonly instancesHealthyMin: number });

export type PlanStepOperation = PlanStep['operation'];

/** The step with that operation. */
export type PlanStepOf<Operation extends PlanStepOperation> = Extract<
  PlanStep,
  { readonly operation: Operation }
>;

/** What must serve at the moment of a disable. */
export interface DisableGuard {
  readonly serverGroup: string;
  readonly instancesHealthyMin: number;
}

interface StepBase {
  readonly id: string;
  readonly title: string;
  readonly subject: ServerGroupRef;
}
