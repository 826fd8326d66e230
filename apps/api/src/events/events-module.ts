import { Module } from '@nestjs/common';

import { ExecutionsModule } from '../executions/executions-module.js';
import { EventHub } from './event-hub.js';
import { EventsController } from './events-controller.js';

@Module({
  imports: [ExecutionsModule],
  controllers: [EventsController],
  providers: [EventHub],
  exports: [EventHub],
})
export class EventsModule {}
