import { pipelineSchema } from '@gennaker/contract';
import { checkStageGraph, type GraphStage, type Pipeline } from '@gennaker/domain';
import { z } from 'zod';

interface DefinitionIssue {
  readonly message: string;
  readonly path: readonly PropertyKey[];
}

/** What a parameter decorator takes: the Standard Schema, version 1. */
interface DefinitionSchema {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (
      value: unknown,
    ) => { readonly value: Pipeline } | { readonly issues: readonly DefinitionIssue[] };
  };
}

/** As much of a stage as its place in the graph needs; anything else about it may be wrong. */
const graphSchema = z.looseObject({
  stages: z
    .array(
      z.looseObject({
        refId: z.string(),
        type: z.string().transform((type) => type as GraphStage['type']),
        requisiteStageRefIds: z.array(z.string()).default([]),
        image: z
          .union([z.looseObject({ fromStage: z.string() }), z.looseObject({ imageId: z.string() })])
          .exactOptional(),
        preconditions: z
          .array(z.looseObject({ type: z.string(), stage: z.string().exactOptional() }))
          .exactOptional(),
      }),
    )
    .max(100),
});

/**
 * A pipeline definition, checked by shape and by graph in one go, so that a person sees every fault at once. The graph is
 * checked as soon as its stages can be told apart, even where other things about them are wrong.
 */
export const definitionSchema: DefinitionSchema = {
  '~standard': {
    version: 1,
    vendor: 'gennaker',
    validate: (value) => {
      const shape = pipelineSchema.safeParse(value);
      const issues = [...(shape.error?.issues ?? []), ...graphIssues(value)];
      return shape.success && issues.length === 0 ? { value: shape.data } : { issues };
    },
  },
};

function graphIssues(value: unknown): readonly DefinitionIssue[] {
  const graph = graphSchema.safeParse(value);
  if (!graph.success) return [];
  return checkStageGraph(graph.data).map(({ pointer, detail }) => ({
    message: detail,
    path: pointer.slice(1).split('/'),
  }));
}
