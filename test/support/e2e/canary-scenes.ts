import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { parse } from 'yaml';

import { analysisListSchema, type AnalysisRow } from '@gennaker/contract';
import type { AttemptState, DeployPlan } from '@gennaker/domain';
import { repositoryRoot } from '../repository-root.js';
import type { EventWatcher } from './event-watcher.js';
import type { Gennaker } from './gennaker.js';
import type { RedBlackPipeline } from './story.js';

const file = path.join(repositoryRoot, 'pipelines/canary.yaml');

/** Longer than the pause of any step of the example. */
const stepSeconds = 57 * 60;

/** What a test has otherwise than `pipelines/canary.yaml`. */
export interface CanaryVariation {
  readonly imageName?: string;
  readonly strategy?: Readonly<Record<string, unknown>>;
  readonly timeoutSeconds?: number;
}

/** The example pipeline; what a variation gives of the strategy replaces what the example has. */
export async function canaryPipeline(vary: CanaryVariation = {}): Promise<RedBlackPipeline> {
  const pipeline = parse(await readFile(file, 'utf8')) as RedBlackPipeline;
  const { imageName, strategy = {}, timeoutSeconds } = vary;
  const stages = pipeline.stages.map((stage) => {
    if (stage['type'] === 'findImage' && imageName !== undefined) return { ...stage, imageName };
    if (stage['type'] !== 'deploy') return stage;
    return {
      ...stage,
      strategy: { ...(stage['strategy'] as object), ...strategy },
      ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    };
  });
  return { ...pipeline, stages };
}

/** Waits until the canary is watched at a share, then lets AWS's time pass until the step is over. */
export async function passStep(
  gennaker: Gennaker,
  watcher: EventWatcher,
  percent: number,
): Promise<void> {
  await watcher.until(
    (event) => event.kind === 'step.started' && event.stepId === `watch:${percent}`,
    120_000,
  );
  await gennaker.aws.advance(stepSeconds);
}

/** The newest attempt of the deploy stage. */
export async function canaryAttempt(
  gennaker: Gennaker,
  executionId: string,
): Promise<AttemptState & { readonly plan: DeployPlan }> {
  const view = await gennaker.api.execution(executionId);
  const attempt = view.stages.find((stage) => stage.refId === 'deploy')?.attempts.at(-1);
  const plan = attempt?.plan;
  if (attempt === undefined || plan === null || plan === undefined) throw new Error('no plan yet');
  return { ...attempt, plan };
}

/** The reports of the execution, newest first. */
export async function analysesOf(
  gennaker: Gennaker,
  executionId: string,
): Promise<readonly AnalysisRow[]> {
  const { body } = await gennaker.api.get(`/v1/executions/${executionId}/analyses`);
  return analysisListSchema.parse(body).analyses;
}
