import { Inject, Injectable } from '@nestjs/common';
import {
  httpBounds,
  type PipelineAnswer,
  type PipelineList,
  type SavedPipelineAnswer,
} from '@gennaker/contract';
import { GennakerError, type Pipeline } from '@gennaker/domain';
import { canonicalJson, sha256Hex, type Clock } from '@gennaker/platform';
import type { PipelineName, PipelineRepository, StoredPipeline } from '@gennaker/store';

import { CLOCK } from '../clock/clock-token.js';
import { keyReused } from '../problem/key-reused.js';
import { PIPELINES } from '../store/store-tokens.js';
import { decodeCursor, encodeCursor } from './pipeline-cursor.js';
import { pipelinePath } from './links.js';

export interface SaveDefinition {
  readonly pipeline: Pipeline;
  readonly savedBy: string;
  readonly key: string;
}

/** Definitions as people save and read them. */
@Injectable()
export class PipelineService {
  constructor(
    @Inject(PIPELINES) private readonly pipelines: PipelineRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** A new version, or the one that this key has made before. Throws IDEMPOTENCY_KEY_REUSED. */
  async save({ pipeline, savedBy, key }: SaveDefinition): Promise<SavedPipelineAnswer> {
    const bodyHash = sha256Hex(canonicalJson({ pipeline, savedBy }));
    const saved = await this.pipelines.savePipeline({
      pipeline,
      savedBy,
      idempotency: { scope: 'pipelines', key, bodyHash },
      now: this.clock.now(),
    });
    if (saved.outcome === 'keyReused') throw keyReused();
    return savedAnswer(await this.get(pipeline, saved.version));
  }

  /** Throws PIPELINE_NOT_FOUND. */
  async get(name: PipelineName, version?: number): Promise<StoredPipeline> {
    const found = await this.pipelines.findPipeline(name, version);
    if (found !== undefined) return found;
    const which = version === undefined ? '' : `version ${version} of `;
    throw new GennakerError(
      'PIPELINE_NOT_FOUND',
      `There is no ${which}pipeline "${name.name}" of application "${name.application}".`,
    );
  }

  async read(name: PipelineName, version?: number): Promise<PipelineAnswer> {
    const stored = await this.get(name, version);
    return { ...savedAnswer(stored), definition: { ...stored.pipeline } };
  }

  async list(page: {
    readonly application?: string;
    readonly cursor?: string;
    readonly limit?: number;
  }): Promise<PipelineList> {
    const { application, cursor, limit = httpBounds.pageSizeDefault } = page;
    const { pipelines, next } = await this.pipelines.listPipelines({
      limit,
      ...(application === undefined ? {} : { application }),
      ...(cursor === undefined ? {} : { after: decodeCursor(cursor) }),
    });
    return {
      pipelines: pipelines.map(savedAnswer),
      nextCursor: next === null ? null : encodeCursor(next),
    };
  }
}

function savedAnswer({ pipeline, version, savedBy, savedAt }: StoredPipeline): SavedPipelineAnswer {
  const { application, name } = pipeline;
  const path = pipelinePath(application, name);
  return {
    application,
    name,
    version,
    savedBy,
    savedAt,
    links: {
      self: pipelinePath(application, name, version),
      executions: `${path}/executions`,
      plan: `${path}/plan`,
    },
  };
}
