import type { AttemptContext } from '../attempt-context.js';

/** The ARN that the create step reported: a group of the same name but another ARN is not ours. Null before. */
export function createdArn(context: AttemptContext): string | null {
  const created = context.state.steps.find((step) => step.operation === 'createServerGroup');
  const arn = created?.outputs['arn'];
  return typeof arn === 'string' ? arn : null;
}
