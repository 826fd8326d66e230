import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { clusterAnswerSchema, clusterPathSchema } from '@gennaker/contract';
import type { z } from 'zod';

import { Documents } from '../openapi/api-docs.js';
import { ClusterService } from './cluster-service.js';

@ApiTags('clusters')
@Controller('v1/applications')
export class ClustersController {
  constructor(@Inject(ClusterService) private readonly clusters: ClusterService) {}

  @Get(':application/clusters/:account/:region/:cluster')
  @Documents({
    summary: 'Look at a cluster',
    description: 'What AWS has now, read live, and who holds or waits for the lock of the cluster.',
    status: 200,
    answer: clusterAnswerSchema,
    answered: 'The cluster, oldest server group first.',
  })
  read(@Param({ schema: clusterPathSchema }) path: z.output<typeof clusterPathSchema>) {
    return this.clusters.read(path);
  }
}
