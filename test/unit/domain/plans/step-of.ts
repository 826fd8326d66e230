import type { PlanStep, PlanStepOf, PlanStepOperation } from '@gennaker/domain';

/** The first step with that operation, and that id where one is given. */
export function stepOf<Operation extends PlanStepOperation>(
  steps: readonly PlanStep[],
  operation: Operation,
  id?: string,
): PlanStepOf<Operation> {
  const found = steps.find(
    (step): step is PlanStepOf<Operation> =>
      step.operation === operation && (id === undefined || step.id === id),
  );
  if (found === undefined) throw new Error(`the plan has no ${operation} ${id ?? ''}`);
  return found;
}
