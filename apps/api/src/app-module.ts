import { Global, Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import type { Clock, Logger, TemporalPlace } from '@gennaker/platform';
import type { Store } from '@gennaker/store';

import { CLOCK } from './clock/clock-token.js';
import { ClustersModule } from './clusters/clusters-module.js';
import { EventsModule } from './events/events-module.js';
import { ExecutionsModule } from './executions/executions-module.js';
import { HealthModule } from './health/health-module.js';
import { StartGate } from './health/start-gate.js';
import { StartState } from './health/start-state.js';
import { LOGGER } from './logging/logger-token.js';
import { PipelinesModule } from './pipelines/pipelines-module.js';
import { PlansModule } from './plans/plans-module.js';
import { KNOWN_ROUTES } from './problem/known-routes-token.js';
import type { KnownRoutes } from './problem/known-routes.js';
import { ProblemFilter } from './problem/problem-filter.js';
import { RequestPipe } from './problem/request-pipe.js';
import { RollbacksModule } from './rollbacks/rollbacks-module.js';
import { StoreModule } from './store/store-module.js';
import { TemporalModule } from './temporal/temporal-module.js';

/** What the control plane is made of. */
export interface ApiParts {
  readonly store: Store;
  readonly temporal: TemporalPlace;
  readonly logger: Logger;
  readonly clock: Clock;
}

@Global()
@Module({})
export class AppModule {
  static forRoot({ store, temporal, logger, clock }: ApiParts, routes: KnownRoutes): DynamicModule {
    return {
      module: AppModule,
      imports: [
        StoreModule.forRoot(store),
        TemporalModule.forRoot(temporal),
        HealthModule,
        PipelinesModule,
        ExecutionsModule,
        EventsModule,
        ClustersModule,
        PlansModule,
        RollbacksModule,
      ],
      providers: [
        { provide: LOGGER, useValue: logger },
        { provide: CLOCK, useValue: clock },
        { provide: KNOWN_ROUTES, useValue: routes },
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_PIPE, useClass: RequestPipe },
        { provide: APP_GUARD, useClass: StartGate },
        StartState,
      ],
      exports: [LOGGER, CLOCK, StartState],
    };
  }
}
