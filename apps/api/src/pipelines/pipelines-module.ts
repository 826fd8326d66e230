import { Module } from '@nestjs/common';

import { PipelineService } from './pipeline-service.js';
import { PipelinesController } from './pipelines-controller.js';

@Module({
  controllers: [PipelinesController],
  providers: [PipelineService],
  exports: [PipelineService],
})
export class PipelinesModule {}
