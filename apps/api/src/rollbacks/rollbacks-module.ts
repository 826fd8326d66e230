import { Module } from '@nestjs/common';

import { ExecutionsModule } from '../executions/executions-module.js';
import { ClusterHolders } from './cluster-holder.js';
import { RollbackByCancel } from './rollback-by-cancel.js';
import { RollbackService } from './rollback-service.js';
import { RollbacksController } from './rollbacks-controller.js';

@Module({
  imports: [ExecutionsModule],
  controllers: [RollbacksController],
  providers: [RollbackService, RollbackByCancel, ClusterHolders],
})
export class RollbacksModule {}
