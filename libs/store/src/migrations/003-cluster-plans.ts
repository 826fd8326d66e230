import type { Migration } from './migration.js';

/**
 * Which attempts have planned a change of a cluster, so that its history is found without reading every execution. What
 * they planned, and how they ended, is in their events alone. Deploys from before are known by the names that they reserved.
 */
export const clusterPlans: Migration = {
  version: 3,
  name: 'cluster plans',
  sql: `
    CREATE TABLE cluster_plans (
      account text NOT NULL,
      region text NOT NULL,
      cluster text NOT NULL,
      execution_id text NOT NULL,
      stage text NOT NULL,
      attempt integer NOT NULL,
      planned_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (execution_id, stage, attempt)
    );
    CREATE INDEX cluster_plans_of_cluster ON cluster_plans (account, region, cluster, planned_at);

    INSERT INTO cluster_plans (account, region, cluster, execution_id, stage, attempt, planned_at)
    SELECT account, region, cluster, execution_id, stage, attempt, reserved_at FROM reserved_names
    ON CONFLICT DO NOTHING;
  `,
};
