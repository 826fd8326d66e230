import type { ExecutionSummary } from '@gennaker/store';

import { pipelinePath } from '../pipelines/links.js';

/** Path of an execution. */
export function executionPath(executionId: string): string {
  return `/v1/executions/${encodeURIComponent(executionId)}`;
}

/** Path of the retry of a stage. */
export function retryPath(executionId: string, refId: string): string {
  return `${executionPath(executionId)}/stages/${encodeURIComponent(refId)}/retry`;
}

/** Path of the judgment of a stage. */
export function judgePath(executionId: string, refId: string): string {
  return `${executionPath(executionId)}/stages/${encodeURIComponent(refId)}/judge`;
}

/** Where to go from an execution; without a saved pipeline there is none to link. */
export function executionLinks(
  execution: Pick<
    ExecutionSummary,
    'executionId' | 'application' | 'pipelineName' | 'pipelineVersion'
  >,
): Record<string, string> {
  const { executionId, application, pipelineName, pipelineVersion } = execution;
  const path = executionPath(executionId);
  return {
    self: path,
    events: `${path}/events`,
    analyses: `${path}/analyses`,
    cancel: `${path}/cancel`,
    ...(pipelineVersion === null
      ? {}
      : { pipeline: pipelinePath(application, pipelineName, pipelineVersion) }),
  };
}
