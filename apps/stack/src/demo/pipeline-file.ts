import { readFileSync } from 'node:fs';
import path from 'node:path';

import { pipelineSchema } from '@gennaker/contract';
import { isSeq, parseDocument } from 'yaml';
import type { z } from 'zod';

import { PROJECT_FOLDER } from '../launch/programs.js';
import { StoryFailure } from './story-failure.js';

type DeployDefinition = Extract<
  z.output<typeof pipelineSchema>['stages'][number],
  { type: 'deploy' }
>;

/** How one submission differs from the file. */
export interface PipelineVariation {
  readonly imageName: string;
  /** The deadline of the deploy. */
  readonly deploySeconds?: number;
  /** Leaves out what comes after the deploy. */
  readonly endsWithDeploy?: boolean;
}

/** The pipeline of the story, and how to say what differs between its submissions. */
export interface StoryPipeline {
  readonly application: string;
  readonly name: string;
  readonly deploy: {
    readonly refId: string;
    readonly account: string;
    readonly region: string;
    readonly cluster: string;
  };
  /** The definition as YAML, varied. */
  readonly varied: (variation: PipelineVariation) => string;
}

/** One example pipeline as its file has it. */
export interface ExamplePipeline {
  readonly application: string;
  readonly name: string;
  readonly yaml: string;
  /** The cluster that its first deploy works on. */
  readonly cluster: {
    readonly account: string;
    readonly region: string;
    readonly cluster: string;
  };
  /** Of a canary: the minutes of its longest step; null for any other deploy. */
  readonly canaryMinutes: number | null;
}

/** Reads `pipelines/{name}.yaml`. Throws a StoryFailure when it deploys nothing. */
export function readExamplePipeline(name: string): ExamplePipeline {
  const yaml = readFileSync(path.join(PROJECT_FOLDER, 'pipelines', `${name}.yaml`), 'utf8');
  const pipeline = pipelineSchema.parse(parseDocument(yaml).toJS());
  const deploy = pipeline.stages.find((stage) => stage.type === 'deploy');
  if (deploy?.type !== 'deploy') {
    throw new StoryFailure(`pipelines/${name}.yaml has no deploy stage`);
  }
  const { account, region } = deploy;
  const cluster = { account, region, cluster: clusterOf(pipeline.application, deploy) };
  const { application, name: saved } = pipeline;
  return { application, name: saved, yaml, cluster, canaryMinutes: canaryMinutesOf(deploy) };
}

function canaryMinutesOf({ strategy }: DeployDefinition): number | null {
  if (strategy.type !== 'canary') return null;
  const minutes = strategy.steps.map(({ pause }) =>
    'requests' in pause ? pause.minutesMax : (pause.minutes ?? 0),
  );
  return Math.max(...minutes);
}

function clusterOf(
  application: string,
  { stack, detail }: { readonly stack?: string; readonly detail?: string },
): string {
  return [application, stack, detail].filter((part) => part !== undefined).join('-');
}

/** Reads `pipelines/red-black.yaml`. Throws a StoryFailure when it is not what the story needs. */
export function readStoryPipeline(): StoryPipeline {
  const text = readFileSync(path.join(PROJECT_FOLDER, 'pipelines', 'red-black.yaml'), 'utf8');
  const pipeline = pipelineSchema.parse(parseDocument(text).toJS());
  const imageAt = pipeline.stages.findIndex((stage) => stage.type === 'findImage');
  const deployAt = pipeline.stages.findIndex((stage) => stage.type === 'deploy');
  const deploy = pipeline.stages[deployAt];
  if (imageAt < 0 || deploy?.type !== 'deploy') {
    throw new StoryFailure('pipelines/red-black.yaml needs a findImage and a deploy stage');
  }
  const { refId, account, region } = deploy;
  return {
    application: pipeline.application,
    name: pipeline.name,
    deploy: { refId, account, region, cluster: clusterOf(pipeline.application, deploy) },
    varied: ({ imageName, deploySeconds, endsWithDeploy = false }) => {
      const document = parseDocument(text);
      document.setIn(['stages', imageAt, 'imageName'], imageName);
      if (deploySeconds !== undefined) {
        document.setIn(['stages', deployAt, 'timeoutSeconds'], deploySeconds);
      }
      if (endsWithDeploy) {
        removeBehind(document.get('stages'), deployAt);
      }
      return document.toString();
    },
  };
}

function removeBehind(stages: unknown, last: number): void {
  if (isSeq(stages)) {
    stages.items.splice(last + 1);
  }
}
