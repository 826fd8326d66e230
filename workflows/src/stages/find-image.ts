import type { FindImageStage } from '@gennaker/domain';
import { awsWrites } from '../proxies.js';
import { runStep } from '../steps.js';
import type { StageTask } from './stage-task.js';

/** Finds the image; outputs its id, name and creation time. */
export const findImageTask: StageTask<FindImageStage> = (context, spec) => {
  const what = spec.imageName ?? 'by tags';
  const step = {
    id: 'find',
    operation: 'findImage',
    title: `Find image ${what} in ${spec.region}`,
  };
  return runStep(context, step, async () => {
    const { deadline } = context.state;
    const operation = context.operation('find', spec.refId, { priority: 'write', deadline });
    const found = await awsWrites(context.deadlineMs()).findImage({
      context: operation,
      stage: spec,
    });
    return { imageId: found.imageId, imageName: found.imageName, createdAt: found.createdAt };
  });
};
