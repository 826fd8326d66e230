import {
  Global,
  Inject,
  Injectable,
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Client, type Connection } from '@temporalio/client';

import { CLUSTER_INSPECTOR, createClusterInspector } from './cluster-inspector.js';
import { createPipelineRuns, PIPELINE_RUNS } from './pipeline-runs.js';
import { openTemporalConnection, type TemporalSettings } from './temporal-connection.js';

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
  static forRoot(settings: TemporalSettings): DynamicModule {
    const connection = openTemporalConnection(settings);
    const client = new Client({ connection, namespace: settings.namespace });
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
