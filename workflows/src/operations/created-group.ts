import type { AttemptContext } from '../attempt-context.js';

/** Steps that tell which server group takes over. */
const telling: readonly string[] = ['createServerGroup', 'enableServerGroup'];

/**
 * The ARN that the create or enable step of a server group reported: a group of the same name but another ARN is not meant.
 * Null before. A step that names no group, as an enable does, is the plan's only one.
 */
export function createdArn(context: AttemptContext, serverGroup: string): string | null {
  const reports = context.state.steps
    .filter((step) => telling.includes(step.operation))
    .map(({ outputs }) => outputs);
  const report =
    reports.find((outputs) => outputs['serverGroup'] === serverGroup) ??
    reports.find((outputs) => outputs['serverGroup'] === undefined);
  const arn = report?.['arn'];
  return typeof arn === 'string' ? arn : null;
}
