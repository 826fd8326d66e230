import {
  Global,
  Inject,
  Injectable,
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { TemporalPlace } from '@gennaker/platform';
import { Client, type Connection } from '@temporalio/client';

import { CLUSTER_INSPECTOR, createClusterInspector } from './cluster-inspector.js';
import { createPipelineRuns, PIPELINE_RUNS } from './pipeline-runs.js';
import { openTemporalConnection } from './temporal-connection.js';

/** Token of the process's connection to Temporal. */
export const TEMPORAL_CONNECTION = Symbol('temporal connection');

/** Closes the connection after everything that uses it has ended. */
@Injectable()
class ConnectionEnd implements OnApplicationShutdown {
  constructor(@Inject(TEMPORAL_CONNECTION) private readonly connection: Connection) {}

  async onApplicationShutdown(): Promise<void> {
    await this.connection.close();
  }
}

/** The ports that speak with Temporal. */
@Global()
@Module({})
export class TemporalModule {
  static forRoot(place: TemporalPlace): DynamicModule {
    const connection = openTemporalConnection(place);
    const client = new Client({ connection, namespace: place.namespace });
    return {
      module: TemporalModule,
      providers: [
        { provide: TEMPORAL_CONNECTION, useValue: connection },
        { provide: PIPELINE_RUNS, useValue: createPipelineRuns(client) },
        { provide: CLUSTER_INSPECTOR, useValue: createClusterInspector(client) },
        ConnectionEnd,
      ],
      exports: [TEMPORAL_CONNECTION, PIPELINE_RUNS, CLUSTER_INSPECTOR],
    };
  }
}
