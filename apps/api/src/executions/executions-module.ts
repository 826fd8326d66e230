import { Module } from '@nestjs/common';

import { PipelinesModule } from '../pipelines/pipelines-module.js';
import { AnalysesController } from './analyses-controller.js';
import { AnalysisReader } from './analysis-reader.js';
import { AttentionController } from './attention-controller.js';
import { AttentionService } from './attention-service.js';
import { CancelService } from './cancel-service.js';
import { CommandsController } from './commands-controller.js';
import { EvidenceController } from './evidence-controller.js';
import { EvidenceReader } from './evidence-reader.js';
import { ExecutionReader } from './execution-reader.js';
import { ExecutionsController } from './executions-controller.js';
import { JudgmentService } from './judgment-service.js';
import { LostRuns } from './lost-runs.js';
import { RetryService } from './retry-service.js';
import { StartService } from './start-service.js';
import { Sweeper } from './sweeper.js';

@Module({
  imports: [PipelinesModule],
  controllers: [
    ExecutionsController,
    CommandsController,
    AttentionController,
    AnalysesController,
    EvidenceController,
  ],
  providers: [
    StartService,
    RetryService,
    CancelService,
    JudgmentService,
    AttentionService,
    ExecutionReader,
    AnalysisReader,
    EvidenceReader,
    LostRuns,
    Sweeper,
  ],
  exports: [ExecutionReader, StartService, CancelService, Sweeper],
})
export class ExecutionsModule {}
