import type { Migration } from './migration.js';

/**
 * Definitions, executions, their events, idempotency keys and reserved names. `json` and not `jsonb` holds what people
 * wrote: it gives back the very text, and takes the escape \u0000, which `jsonb` refuses. Texts that order a list are
 * compared by their bytes (collation "C"), the same on every server.
 */
export const pipelinesAndExecutions: Migration = {
  version: 1,
  name: 'pipelines and executions',
  sql: `
    CREATE TABLE pipelines (
      application text COLLATE "C" NOT NULL,
      name text COLLATE "C" NOT NULL,
      newest_version integer NOT NULL,
      PRIMARY KEY (application, name)
    );

    CREATE TABLE pipeline_versions (
      application text COLLATE "C" NOT NULL,
      name text COLLATE "C" NOT NULL,
      version integer NOT NULL,
      definition json NOT NULL,
      saved_by text NOT NULL,
      saved_at timestamptz NOT NULL,
      PRIMARY KEY (application, name, version),
      FOREIGN KEY (application, name) REFERENCES pipelines
    );

    CREATE TABLE executions (
      execution_id text COLLATE "C" PRIMARY KEY,
      application text COLLATE "C" NOT NULL,
      pipeline_name text COLLATE "C" NOT NULL,
      pipeline_version integer,
      created_by text NOT NULL,
      definition json NOT NULL,
      status text NOT NULL,
      generation integer NOT NULL DEFAULT 0,
      run_id text,
      position integer NOT NULL DEFAULT 0,
      needs_attention text,
      engine_stalled text,
      created_at timestamptz NOT NULL,
      started_at timestamptz,
      ended_at timestamptz,
      updated_at timestamptz NOT NULL
    ) WITH (fillfactor = 80);
    CREATE INDEX executions_of_pipeline ON executions (application, pipeline_name, execution_id);
    CREATE INDEX executions_of_application ON executions (application, execution_id);
    CREATE INDEX executions_of_status ON executions (status, execution_id);

    CREATE TABLE execution_events (
      execution_id text COLLATE "C" NOT NULL REFERENCES executions,
      position integer NOT NULL,
      key text NOT NULL,
      generation integer NOT NULL,
      at timestamptz NOT NULL,
      event json NOT NULL,
      PRIMARY KEY (execution_id, position),
      UNIQUE (execution_id, key)
    );

    CREATE TABLE idempotency_keys (
      scope text NOT NULL,
      key text NOT NULL,
      body_hash text NOT NULL,
      outcome json NOT NULL,
      created_at timestamptz NOT NULL,
      PRIMARY KEY (scope, key)
    );
    CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

    CREATE TABLE clusters (
      account text NOT NULL,
      region text NOT NULL,
      cluster text NOT NULL,
      high_water integer,
      PRIMARY KEY (account, region, cluster)
    );

    CREATE TABLE reserved_names (
      account text NOT NULL,
      region text NOT NULL,
      cluster text NOT NULL,
      ordinal integer NOT NULL,
      name text NOT NULL,
      execution_id text NOT NULL,
      stage text NOT NULL,
      attempt integer NOT NULL,
      reserved_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (account, region, cluster, ordinal),
      UNIQUE (execution_id, stage, attempt, account, region, cluster)
    );
  `,
};
