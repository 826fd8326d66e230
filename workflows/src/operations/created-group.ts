import type { AttemptContext } from '../attempt-context.js';

/** Steps that tell which server group takes over. */
const telling: readonly string[] = ['createServerGroup', 'enableServerGroup'];

/** The ARN that the create or enable step reported: a group of the same name but another ARN is not meant. Null before. */
export function createdArn(context: AttemptContext): string | null {
  const created = context.state.steps.find((step) => telling.includes(step.operation));
  const arn = created?.outputs['arn'];
  return typeof arn === 'string' ? arn : null;
}
