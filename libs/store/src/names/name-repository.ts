import { formatServerGroupName, GennakerError, type ClusterRef } from '@gennaker/domain';

import type { Database, Queries } from '../database/database.js';
import { candidatesMax, nextOrdinals, sequenceOf } from './next-ordinals.js';

/** What AWS shows of a cluster. */
export interface ClusterNames extends ClusterRef {
  /** The highest sequence among the cluster's server groups on AWS, those being deleted included; null for none. */
  readonly awsHighestSequence: number | null;
  /** Every server group of the cluster on AWS, by name. */
  readonly awsNames: readonly string[];
}

export interface ReserveServerGroupName extends ClusterNames {
  readonly owner: { readonly executionId: string; readonly stage: string };
  readonly attempt: number;
}

/** Names of server groups: reserved before use, and burnt from then on (DESIGN D7). */
export interface NameRepository {
  /**
   * The name of the attempt's new server group. The same owner and attempt again gets the same name, whatever AWS shows
   * by then. Else the next number above the store's mark of the cluster and above what AWS shows; v000 follows v999.
   * After such a wrap-around a name that exists on AWS is passed over, and so is none else: a number that comes round
   * again was reserved, if at all, at least 500 numbers ago. No name younger than that is ever given out again.
   * Throws NAME_CONFLICT when 500 numbers in a row exist on AWS: the cluster is full.
   */
  reserveServerGroupName(wanted: ReserveServerGroupName): Promise<string>;
  /** The name that the next reservation would get if nobody else made one first. Reserves nothing. Throws NAME_CONFLICT. */
  peekServerGroupName(names: ClusterNames): Promise<string>;
}

export function createNameRepository(database: Database): NameRepository {
  return {
    reserveServerGroupName: (wanted) =>
      database.transaction(`reserve a name in cluster ${wanted.cluster}`, (queries) =>
        reserveServerGroupName(queries, wanted),
      ),
    peekServerGroupName: async (names) =>
      nextName(names, await readHighWater(database, names)).name,
  };
}

async function reserveServerGroupName(
  queries: Queries,
  wanted: ReserveServerGroupName,
): Promise<string> {
  const highWater = await lockCluster(queries, wanted);
  const reserved = await findReservation(queries, wanted);
  if (reserved !== undefined) return reserved;
  const next = nextName(wanted, highWater);
  await insertReservation(queries, wanted, next);
  return next.name;
}

interface NextName {
  readonly ordinal: number;
  readonly name: string;
}

function nextName(names: ClusterNames, highWater: number | null): NextName {
  const { account, region, cluster, awsHighestSequence } = names;
  const existing = new Set(names.awsNames);
  for (const ordinal of nextOrdinals({ highWater, awsHighestSequence })) {
    const name = formatServerGroupName(cluster, sequenceOf(ordinal));
    if (!existing.has(name)) return { ordinal, name };
  }
  throw new GennakerError(
    'NAME_CONFLICT',
    `Cluster ${cluster} has no free name: ${candidatesMax} numbers in a row exist on AWS. Destroy server groups that are not needed.`,
    { details: { account, region, cluster } },
  );
}

async function readHighWater(queries: Queries, wanted: ClusterRef): Promise<number | null> {
  const [row] = await queries.query<{ high_water: number | null }>({
    attempted: `read the names of cluster ${wanted.cluster}`,
    text: 'SELECT high_water FROM clusters WHERE (account, region, cluster) = ($1, $2, $3)',
    values: [wanted.account, wanted.region, wanted.cluster],
  });
  return row?.high_water ?? null;
}

/** Locks the cluster's row until the commit, so that reservations of one cluster come one after the other. */
async function lockCluster(queries: Queries, wanted: ClusterRef): Promise<number | null> {
  const [row] = await queries.query<{ high_water: number | null }>({
    attempted: `lock the names of cluster ${wanted.cluster}`,
    text: `INSERT INTO clusters (account, region, cluster) VALUES ($1, $2, $3)
           ON CONFLICT (account, region, cluster) DO UPDATE SET cluster = excluded.cluster
           RETURNING high_water`,
    values: [wanted.account, wanted.region, wanted.cluster],
  });
  return row?.high_water ?? null;
}

async function findReservation(
  queries: Queries,
  { owner, attempt, account, region, cluster }: ReserveServerGroupName,
): Promise<string | undefined> {
  const [row] = await queries.query<{ name: string }>({
    attempted: `find the name reserved in cluster ${cluster}`,
    text: `SELECT name FROM reserved_names
           WHERE execution_id = $1 AND stage = $2 AND attempt = $3
             AND account = $4 AND region = $5 AND cluster = $6`,
    values: [owner.executionId, owner.stage, attempt, account, region, cluster],
  });
  return row?.name;
}

async function insertReservation(
  queries: Queries,
  { owner, attempt, account, region, cluster }: ReserveServerGroupName,
  { ordinal, name }: NextName,
): Promise<void> {
  await queries.query({
    attempted: `reserve ${name}`,
    text: `WITH mark AS (
             UPDATE clusters SET high_water = $4 WHERE (account, region, cluster) = ($1, $2, $3))
           INSERT INTO reserved_names (account, region, cluster, ordinal, name, execution_id, stage, attempt)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    values: [account, region, cluster, ordinal, name, owner.executionId, owner.stage, attempt],
  });
}
