import { randomUUID } from 'node:crypto';

import {
  acceptedExecutionSchema,
  clusterAnswerSchema,
  retryAnswerSchema,
} from '@gennaker/contract';
import type { ClusterAnswer } from '@gennaker/contract';
import { z } from 'zod';

import { StoryFailure } from './story-failure.js';

/** The part of the HTTP API that the story needs. Every call throws a StoryFailure with the problem's words. */
export interface ApiClient {
  readonly baseUrl: string;
  /** Saves a definition; gives the version that it became. */
  readonly savePipeline: (yaml: string) => Promise<number>;
  /** Starts a version of a saved pipeline; gives the execution's id. */
  readonly startPipeline: (pipeline: PipelineRef, version: number) => Promise<string>;
  /** Retries a stage whose last attempt is `expectedAttempt`; gives the new attempt. */
  readonly retryStage: (executionId: string, stage: FailedStage) => Promise<number>;
  readonly getStageSummary: (executionId: string, refId: string) => Promise<FailureSummary>;
  readonly getAttempts: (executionId: string) => Promise<Readonly<Record<string, number>>>;
  /** Cancels with the undo. */
  readonly cancel: (executionId: string, reason: string) => Promise<void>;
  /** What the pipeline's deploys would do now. */
  readonly planPipeline: (pipeline: PipelineRef) => Promise<readonly DeployPreview[]>;
  /** The position of the newest event. */
  readonly getPosition: (executionId: string) => Promise<number>;
  readonly getCluster: (cluster: ClusterRef) => Promise<ClusterAnswer>;
}

/** A saved pipeline. */
export interface PipelineRef {
  readonly application: string;
  readonly name: string;
}

/** A stage that failed, and why it is tried again. */
export interface FailedStage {
  readonly refId: string;
  readonly expectedAttempt: number;
  readonly reason: string;
}

/** A cluster in its account and region. */
export interface ClusterRef {
  readonly application: string;
  readonly account: string;
  readonly region: string;
  readonly cluster: string;
}

/** The API gives up after ten seconds itself; what takes longer than this is broken. */
const REQUEST_TIMEOUT_MS = 20_000;
const WHO = 'demo';

const savedSchema = z.looseObject({ version: z.int() });

const summarySchema = z.looseObject({
  failed: z.looseObject({ message: z.string() }),
  scalingActivities: z.array(z.looseObject({ message: z.string().nullable() })),
  serving: z
    .looseObject({
      serverGroups: z.array(
        z.looseObject({
          serverGroup: z.string(),
          enabled: z.boolean(),
          healthy: z.number(),
          wanted: z.number(),
          weights: z
            .array(z.looseObject({ rule: z.string(), percent: z.number() }))
            .nullable()
            .optional(),
        }),
      ),
    })
    .nullable(),
  undone: z.array(z.string()),
  notUndone: z.array(z.string()),
  actions: z.array(z.looseObject({ label: z.string(), effect: z.string() })),
});

const deployPreviewSchema = z.looseObject({
  steps: z.array(z.looseObject({ title: z.string() })),
  promise: z.looseObject({ instancesServingMin: z.int() }).optional(),
  warnings: z.array(z.string()),
});

/** What a deploy would do. */
export type DeployPreview = z.output<typeof deployPreviewSchema>;

const planSchema = z.looseObject({
  stages: z.array(z.looseObject({ plan: deployPreviewSchema.nullish() })),
});

/** What a person sees of a stage that failed. */
export type FailureSummary = z.output<typeof summarySchema>;

/** Only what the story reads; the whole view is the contract's. */
const executionSchema = z.looseObject({
  position: z.int(),
  stages: z.array(
    z.looseObject({
      refId: z.string(),
      attempts: z.array(z.looseObject({ summary: summarySchema.nullable() })),
    }),
  ),
});

/** A client of the API at this address. */
export function createApiClient(baseUrl: string): ApiClient {
  const ask = (method: string, path: string, body?: RequestBody): Promise<unknown> =>
    request(`${baseUrl}${path}`, method, body);
  const execution = async (id: string): Promise<z.output<typeof executionSchema>> =>
    executionSchema.parse(await ask('GET', `/v1/executions/${id}`));
  return {
    baseUrl,
    savePipeline: async (yaml) => {
      const saved = await ask('POST', '/v1/pipelines', { type: 'application/yaml', text: yaml });
      return savedSchema.parse(saved).version;
    },
    startPipeline: async ({ application, name }, version) => {
      const path = `/v1/pipelines/${application}/${name}/executions`;
      const accepted = await ask('POST', path, json({ version, by: WHO }));
      return acceptedExecutionSchema.parse(accepted).executionId;
    },
    retryStage: async (id, { refId, expectedAttempt, reason }) => {
      const body = json({ expectedAttempt, reason, by: WHO });
      const path = `/v1/executions/${id}/stages/${refId}/retry`;
      return retryAnswerSchema.parse(await ask('POST', path, body)).attempt;
    },
    getStageSummary: async (id, refId) => {
      const stage = (await execution(id)).stages.find((candidate) => candidate.refId === refId);
      const summary = stage?.attempts.at(-1)?.summary;
      if (summary === undefined || summary === null) {
        throw new StoryFailure(`stage ${refId} of execution ${id} has no summary of its failure`);
      }
      return summary;
    },
    getAttempts: async (id) =>
      Object.fromEntries(
        (await execution(id)).stages.map((stage) => [stage.refId, stage.attempts.length]),
      ),
    cancel: async (id, reason) => {
      await ask('POST', `/v1/executions/${id}/cancel`, json({ reason, by: WHO }));
    },
    planPipeline: async ({ application, name }) => {
      const path = `/v1/pipelines/${application}/${name}/plan`;
      return planSchema.parse(await ask('POST', path)).stages.flatMap(({ plan }) => plan ?? []);
    },
    getPosition: async (id) => (await execution(id)).position,
    getCluster: async ({ application, account, region, cluster }) => {
      const path = `/v1/applications/${application}/clusters/${account}/${region}/${cluster}`;
      return clusterAnswerSchema.parse(await ask('GET', path));
    },
  };
}

interface RequestBody {
  readonly type: string;
  readonly text: string;
}

function json(value: object): RequestBody {
  return { type: 'application/json', text: JSON.stringify(value) };
}

/** How often a call of unknown outcome is repeated: each waits ten seconds for a worker. */
const REPEATS_MAX = 6;
const OUTCOME_UNKNOWN = 504;

/** A call whose outcome is unknown, because no worker has answered, is repeated with the same key, as the API asks. */
async function request(url: string, method: string, body?: RequestBody): Promise<unknown> {
  const headers =
    body === undefined ? {} : { 'content-type': body.type, 'idempotency-key': randomUUID() };
  for (let repeats = 0; ; repeats += 1) {
    const response = await fetch(url, {
      method,
      headers,
      ...(body === undefined ? {} : { body: body.text }),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    const text = await response.text();
    if (response.ok) {
      return JSON.parse(text);
    }
    if (response.status !== OUTCOME_UNKNOWN || repeats === REPEATS_MAX) {
      throw new StoryFailure(`${method} ${url} answers ${response.status}: ${text}`);
    }
  }
}
