import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { parse } from 'yaml';

import type { ServerGroupView } from '@gennaker/domain';
import { repositoryRoot } from '../repository-root.js';
import type { Gennaker } from './gennaker.js';

/** The definition of `pipelines/red-black.yaml`, as data that a test may vary. */
export interface RedBlackPipeline {
  readonly application: string;
  readonly name: string;
  readonly stages: readonly Readonly<Record<string, unknown>>[];
}

const file = path.join(repositoryRoot, 'pipelines/red-black.yaml');

/**
 * The example pipeline, with another image and another deadline of its deploy. One that ends with its deploy can be
 * started twice at once: the check at its end would count the group that the other one is just making.
 */
export async function redBlackPipeline(
  vary: {
    readonly imageName?: string;
    readonly deploySeconds?: number;
    readonly endsWithDeploy?: boolean;
    /** With the example's pause after the deploy, of seconds in which nothing happens. */
    readonly settles?: boolean;
  } = {},
): Promise<RedBlackPipeline> {
  const pipeline = parse(await readFile(file, 'utf8')) as RedBlackPipeline;
  const { imageName, deploySeconds } = vary;
  const deployAt = pipeline.stages.findIndex((stage) => stage['type'] === 'deploy');
  const kept = vary.endsWithDeploy === true ? pipeline.stages.slice(0, deployAt + 1) : undefined;
  const stages = (kept ?? pipeline.stages).map((stage) => {
    if (stage['type'] === 'findImage' && imageName !== undefined) return { ...stage, imageName };
    if (stage['type'] === 'deploy' && deploySeconds !== undefined) {
      return { ...stage, timeoutSeconds: deploySeconds };
    }
    if (stage['type'] === 'wait' && vary.settles !== true) return { ...stage, waitSeconds: 0 };
    return stage;
  });
  return { ...pipeline, stages };
}

/** The cluster as the API reports it: live from AWS. */
export async function serverGroupsOf(gennaker: Gennaker): Promise<readonly ServerGroupView[]> {
  const { status, body } = await gennaker.api.get<{
    readonly serverGroups: readonly ServerGroupView[];
  }>('/v1/applications/web/clusters/demo/eu-west-1/web-prod');
  if (status !== 200) throw new Error(`cluster: ${status} ${JSON.stringify(body)}`);
  return body.serverGroups;
}

/** `name enabled healthy/desired` of each server group that is not being deleted. */
export async function clusterPicture(gennaker: Gennaker): Promise<readonly string[]> {
  const groups = (await serverGroupsOf(gennaker)).filter((group) => !group.deleting);
  return groups.map((group) => {
    const up = group.instances.filter((instance) => instance.health === 'Up').length;
    return `${group.name} ${group.enabled ? 'enabled' : 'disabled'} ${up}/${group.capacity.desired}`;
  });
}

/** Positions of events must be 1, 2, 3 … without a gap or a repeat. */
export function gapsIn(positions: readonly number[]): readonly number[] {
  return positions.filter((position, index) => position !== index + 1);
}
