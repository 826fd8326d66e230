import { GennakerError, type Pipeline } from '@gennaker/domain';

import type { Database, Queries } from '../database/database.js';
import { claimKey, settleKey, type Idempotency } from '../idempotency-keys.js';
import { checkedLimit } from '../page-limit.js';

/** Most pipelines in one page. */
export const pipelinesPageMax = 100;

export interface PipelineName {
  readonly application: string;
  readonly name: string;
}

/** One version of a pipeline. */
export interface StoredPipeline {
  readonly pipeline: Pipeline;
  readonly version: number;
  readonly savedBy: string;
  readonly savedAt: string;
}

export interface SavePipeline {
  readonly pipeline: Pipeline;
  /** As claimed by the caller. */
  readonly savedBy: string;
  readonly idempotency: Idempotency | null;
  readonly now: Date;
}

export type SavedPipeline =
  | { readonly outcome: 'saved' | 'replayed'; readonly version: number }
  | { readonly outcome: 'keyReused' };

export interface PipelinePage {
  readonly pipelines: readonly StoredPipeline[];
  /** Where the next page begins; null on the last one. */
  readonly next: PipelineName | null;
}

/** Pipeline definitions: each save is a new version, none is ever changed. */
export interface PipelineRepository {
  /** Versions count from 1 without gaps, also when several save at once. The same key and body again saves nothing. */
  savePipeline(save: SavePipeline): Promise<SavedPipeline>;
  /** The newest version, or the one asked for. */
  findPipeline(name: PipelineName, version?: number): Promise<StoredPipeline | undefined>;
  /** Newest versions in the order of application and name, at most 100. Throws INVALID_REQUEST. */
  listPipelines(page: {
    readonly application?: string;
    readonly after?: PipelineName;
    readonly limit: number;
  }): Promise<PipelinePage>;
}

export function createPipelineRepository(database: Database): PipelineRepository {
  return {
    savePipeline: (save) =>
      database.transaction('save the pipeline', (queries) => savePipeline(queries, save)),
    findPipeline: (name, version) => findPipeline(database, name, version),
    listPipelines: (page) => listPipelines(database, page),
  };
}

async function savePipeline(queries: Queries, save: SavePipeline): Promise<SavedPipeline> {
  const { idempotency, now } = save;
  if (idempotency !== null) {
    // The version is not known yet; nobody else sees the key before the commit.
    const earlier = await claimKey(queries, { idempotency, outcome: { version: 0 }, now });
    if (earlier !== null) {
      if (!earlier.sameBody) return { outcome: 'keyReused' };
      return { outcome: 'replayed', version: earlier.outcome.version };
    }
  }
  const version = await insertVersion(queries, save);
  if (idempotency !== null) await settleKey(queries, idempotency, { version });
  return { outcome: 'saved', version };
}

/** The upsert holds the pipeline's row until the commit, so that two saves cannot take one number. */
async function insertVersion(
  queries: Queries,
  { pipeline, savedBy, now }: SavePipeline,
): Promise<number> {
  const [row] = await queries.query<{ version: number }>({
    attempted: `save pipeline ${pipeline.application}/${pipeline.name}`,
    text: `WITH head AS (
             INSERT INTO pipelines AS p (application, name, newest_version) VALUES ($1, $2, 1)
             ON CONFLICT (application, name) DO UPDATE SET newest_version = p.newest_version + 1
             RETURNING newest_version)
           INSERT INTO pipeline_versions (application, name, version, definition, saved_by, saved_at)
           SELECT $1, $2, newest_version, $3, $4, $5 FROM head RETURNING version`,
    values: [pipeline.application, pipeline.name, JSON.stringify(pipeline), savedBy, now],
  });
  if (row === undefined) throw new GennakerError('INTERNAL', 'A saved pipeline has no version.');
  return row.version;
}

interface PipelineRow {
  readonly definition: Pipeline;
  readonly version: number;
  readonly saved_by: string;
  readonly saved_at: Date;
}

async function findPipeline(
  queries: Queries,
  { application, name }: PipelineName,
  version?: number,
): Promise<StoredPipeline | undefined> {
  const [row] = await queries.query<PipelineRow>({
    attempted: `read pipeline ${application}/${name}`,
    text: `SELECT definition, version, saved_by, saved_at FROM pipeline_versions
           WHERE application = $1 AND name = $2 AND ($3::integer IS NULL OR version = $3)
           ORDER BY version DESC LIMIT 1`,
    values: [application, name, version ?? null],
  });
  return row === undefined ? undefined : storedPipeline(row);
}

async function listPipelines(
  queries: Queries,
  page: Parameters<PipelineRepository['listPipelines']>[0],
): Promise<PipelinePage> {
  const limit = checkedLimit(page.limit, pipelinesPageMax);
  const rows = await queries.query<PipelineRow>({
    attempted: 'list the pipelines',
    text: `SELECT v.definition, v.version, v.saved_by, v.saved_at
           FROM pipelines p JOIN pipeline_versions v
             ON (v.application, v.name, v.version) = (p.application, p.name, p.newest_version)
           WHERE ($1::text IS NULL OR p.application = $1)
             AND ($2::text IS NULL OR (p.application, p.name) > ($2, $3))
           ORDER BY p.application, p.name LIMIT $4`,
    values: [
      page.application ?? null,
      page.after?.application ?? null,
      page.after?.name ?? null,
      limit + 1,
    ],
  });
  const pipelines = rows.slice(0, limit).map(storedPipeline);
  const last = rows.length > limit ? pipelines.at(-1)?.pipeline : undefined;
  return {
    pipelines,
    next: last === undefined ? null : { application: last.application, name: last.name },
  };
}

function storedPipeline(row: PipelineRow): StoredPipeline {
  return {
    pipeline: row.definition,
    version: row.version,
    savedBy: row.saved_by,
    savedAt: row.saved_at.toISOString(),
  };
}
