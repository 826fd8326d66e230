import { Controller, Get, Headers, Inject, Param, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { eventsQuerySchema, executionPathSchema } from '@gennaker/contract';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';

import { ExecutionReader } from '../executions/execution-reader.js';
import { EventHub } from './event-hub.js';
import { openSink } from './event-sink.js';
import { resumePosition } from './resume-position.js';
import { Watcher } from './watcher.js';

@ApiTags('events')
@Controller('v1/executions')
export class EventsController {
  constructor(
    @Inject(EventHub) private readonly hub: EventHub,
    @Inject(ExecutionReader) private readonly reader: ExecutionReader,
  ) {}

  @Get(':id/events')
  @ApiOperation({
    summary: 'Watch an execution',
    description:
      'Server-sent events: first all that happened behind Last-Event-ID, then what happens. `id` is the position, ' +
      '`event` the kind, `data` an ExecutionEvent as JSON. `end` says that nothing follows unless a stage is retried; ' +
      'coming back then is answered with 204.',
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'Position after which to begin. The query parameter `after` is the same.',
    schema: { type: 'integer', minimum: 0 },
  })
  @ApiResponse({
    status: 200,
    description: 'The stream.',
    content: { 'text/event-stream': { schema: { $ref: '#/components/schemas/ExecutionEvent' } } },
  })
  @ApiResponse({ status: 204, description: 'The execution has ended and there is nothing more.' })
  async watch(
    @Param({ schema: executionPathSchema }) { id }: z.output<typeof executionPathSchema>,
    @Query({ schema: eventsQuerySchema }) query: z.output<typeof eventsQuerySchema>,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    this.hub.checkRoom();
    const execution = await this.reader.getStored(id);
    const from = resumePosition(execution, lastEventId, query.after);
    if (from.nothingMore) {
      await reply.code(204).send();
      return;
    }
    reply.hijack();
    this.hub.attach(execution.executionId, new Watcher(openSink(reply.raw), from.after));
  }
}
