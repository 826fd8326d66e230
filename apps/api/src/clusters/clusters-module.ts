import { Module } from '@nestjs/common';

import { ExecutionsModule } from '../executions/executions-module.js';
import { ClusterService } from './cluster-service.js';
import { ClustersController } from './clusters-controller.js';
import { RuleLocks } from './rule-locks.js';

@Module({
  imports: [ExecutionsModule],
  controllers: [ClustersController],
  providers: [ClusterService, RuleLocks],
})
export class ClustersModule {}
