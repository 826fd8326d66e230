import { Module } from '@nestjs/common';

import { PipelinesModule } from '../pipelines/pipelines-module.js';
import { PlanService } from './plan-service.js';
import { PlansController } from './plans-controller.js';

@Module({
  imports: [PipelinesModule],
  controllers: [PlansController],
  providers: [PlanService],
})
export class PlansModule {}
