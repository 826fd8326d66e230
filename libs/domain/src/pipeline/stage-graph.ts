import type { StageType } from './pipeline.js';
import { serverGroupStageTypes } from './server-group-stages.js';

/** One fault of a pipeline's graph; `pointer` (RFC 6901) leads to the value that is wrong. */
export interface GraphFault {
  readonly kind:
    | 'duplicateRefId'
    | 'danglingReference'
    | 'selfReference'
    | 'cycle'
    | 'notUpstream'
    | 'wrongStageType';
  readonly pointer: string;
  readonly detail: string;
}

/** What the check needs of a stage: every stage of a pipeline has it. */
export interface GraphStage {
  readonly refId: string;
  readonly type: StageType;
  readonly requisiteStageRefIds: readonly string[];
  readonly image?: { readonly imageId: string } | { readonly fromStage: string };
  readonly preconditions?: readonly { readonly type: string; readonly stage?: string }[];
}

/** Cycles named at most: a person mends one and looks again. */
const cyclesMax = 20;

/** Stage types that leave outputs for a `stageOutput` precondition to compare. */
const typesWithOutputs: readonly StageType[] = [
  'findImage',
  'deploy',
  'rollbackCluster',
  'manualJudgment',
  ...serverGroupStageTypes,
];

/**
 * Every fault of the graph: refIds given twice, references to no stage or to the stage itself, cycles (by name), and
 * outputs used of a stage that does not come before, or whose type does not give them. Pure; empty when all is well.
 */
export function checkStageGraph(pipeline: {
  readonly stages: readonly GraphStage[];
}): readonly GraphFault[] {
  const { stages } = pipeline;
  return [
    ...duplicates(stages),
    ...stages.flatMap((stage, index) => requisiteFaults(stages, stage, index)),
    ...cycleFaults(stages),
    ...stages.flatMap((stage, index) => usageFaults(stages, stage, index)),
  ];
}

/**
 * Every stage that comes before the given one, directly or through others; the stage itself only when it is part of a
 * cycle. References to no stage are left out.
 */
export function upstreamRefIds(
  stages: readonly Pick<GraphStage, 'refId' | 'requisiteStageRefIds'>[],
  refId: string,
): readonly string[] {
  const byRefId = new Map(stages.map((stage) => [stage.refId, stage]));
  const found = new Set<string>();
  const open = [refId];
  for (let current = open.pop(); current !== undefined; current = open.pop()) {
    for (const requisite of byRefId.get(current)?.requisiteStageRefIds ?? []) {
      if (!byRefId.has(requisite) || found.has(requisite)) continue;
      found.add(requisite);
      open.push(requisite);
    }
  }
  return [...found];
}

function duplicates(stages: readonly GraphStage[]): readonly GraphFault[] {
  const first = new Map<string, number>();
  return stages.flatMap((stage, index) => {
    const earlier = first.get(stage.refId);
    if (earlier === undefined) {
      first.set(stage.refId, index);
      return [];
    }
    const detail = `refId "${stage.refId}" is already used by the stage at /stages/${earlier}`;
    return [{ kind: 'duplicateRefId', pointer: `/stages/${index}/refId`, detail }];
  });
}

function requisiteFaults(
  stages: readonly GraphStage[],
  stage: GraphStage,
  index: number,
): readonly GraphFault[] {
  return stage.requisiteStageRefIds.flatMap((requisite, place): readonly GraphFault[] => {
    const pointer = `/stages/${index}/requisiteStageRefIds/${place}`;
    if (requisite === stage.refId) {
      const detail = `stage "${stage.refId}" cannot come after itself`;
      return [{ kind: 'selfReference', pointer, detail }];
    }
    return has(stages, requisite) ? [] : [dangling(pointer, requisite)];
  });
}

function cycleFaults(stages: readonly GraphStage[]): readonly GraphFault[] {
  const edges = new Map(
    stages.map((stage) => [
      stage.refId,
      new Set(stage.requisiteStageRefIds.filter((requisite) => requisite !== stage.refId)),
    ]),
  );
  const faults: GraphFault[] = [];
  while (faults.length < cyclesMax) {
    const cycle = findCycle(edges);
    const [from, to] = cycle ?? [];
    if (cycle === undefined || from === undefined || to === undefined) return faults;
    // Without this edge the same cycle is not found again, and others that share its stages are.
    edges.get(from)?.delete(to);
    const index = stages.findIndex((stage) => stage.refId === from);
    faults.push({
      kind: 'cycle',
      pointer: `/stages/${index}/requisiteStageRefIds`,
      detail: `stages wait for each other in a circle: ${[...cycle, from].join(' → ')}`,
    });
  }
  return faults;
}

/** The stages of one cycle, each followed by one that it waits for; undefined when there is none. */
function findCycle(edges: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] | undefined {
  const done = new Set<string>();
  const walk = (refId: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(refId)) return path.slice(path.indexOf(refId));
    if (done.has(refId)) return undefined;
    for (const next of edges.get(refId) ?? []) {
      const cycle = walk(next, [...path, refId]);
      if (cycle !== undefined) return cycle;
    }
    done.add(refId);
    return undefined;
  };
  for (const start of edges.keys()) {
    const cycle = walk(start, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

function usageFaults(
  stages: readonly GraphStage[],
  stage: GraphStage,
  index: number,
): readonly GraphFault[] {
  const image =
    stage.image !== undefined && 'fromStage' in stage.image
      ? usageFault({
          stages,
          stage,
          used: stage.image.fromStage,
          pointer: `/stages/${index}/image/fromStage`,
          types: ['findImage'],
        })
      : [];
  const preconditions = (stage.preconditions ?? []).flatMap((precondition, place) =>
    precondition.type === 'stageOutput' && precondition.stage !== undefined
      ? usageFault({
          stages,
          stage,
          used: precondition.stage,
          pointer: `/stages/${index}/preconditions/${place}/stage`,
          types: typesWithOutputs,
        })
      : [],
  );
  return [...image, ...preconditions];
}

interface Usage {
  readonly stages: readonly GraphStage[];
  readonly stage: GraphStage;
  /** The refId of the stage whose output is used. */
  readonly used: string;
  readonly pointer: string;
  readonly types: readonly StageType[];
}

function usageFault({ stages, stage, used, pointer, types }: Usage): readonly GraphFault[] {
  if (used === stage.refId) {
    const detail = `stage "${stage.refId}" cannot use its own output`;
    return [{ kind: 'selfReference', pointer, detail }];
  }
  const subject = stages.find((candidate) => candidate.refId === used);
  if (subject === undefined) return [dangling(pointer, used)];
  if (!types.includes(subject.type)) {
    const detail = `stage "${used}" is a ${subject.type} stage; this needs one of type ${types.join(' or ')}`;
    return [{ kind: 'wrongStageType', pointer, detail }];
  }
  if (upstreamRefIds(stages, stage.refId).includes(used)) return [];
  const detail = `stage "${used}" does not come before "${stage.refId}": name it in requisiteStageRefIds`;
  return [{ kind: 'notUpstream', pointer, detail }];
}

function has(stages: readonly GraphStage[], refId: string): boolean {
  return stages.some((stage) => stage.refId === refId);
}

function dangling(pointer: string, refId: string): GraphFault {
  return { kind: 'danglingReference', pointer, detail: `there is no stage "${refId}"` };
}
