import {
  Global,
  Inject,
  Injectable,
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { Store } from '@gennaker/store';

import { EVENTS, EXECUTIONS, PIPELINES, REQUEST_KEYS, STORE } from './store-tokens.js';

/** Closes the pool after everything that uses it has ended. */
@Injectable()
class StoreEnd implements OnApplicationShutdown {
  constructor(@Inject(STORE) private readonly store: Store) {}

  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }
}

/** The ports that speak with PostgreSQL. */
@Global()
@Module({})
export class StoreModule {
  static forRoot(store: Store): DynamicModule {
    return {
      module: StoreModule,
      providers: [
        { provide: STORE, useValue: store },
        { provide: PIPELINES, useValue: store.pipelines },
        { provide: EXECUTIONS, useValue: store.executions },
        { provide: EVENTS, useValue: store.events },
        { provide: REQUEST_KEYS, useValue: store.keys },
        StoreEnd,
      ],
      exports: [STORE, PIPELINES, EXECUTIONS, EVENTS, REQUEST_KEYS],
    };
  }
}
