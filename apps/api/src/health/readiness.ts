import { Inject, Injectable } from '@nestjs/common';
import type { Health } from '@gennaker/contract';
import { newestSchemaVersion, type Store } from '@gennaker/store';
import type { Connection } from '@temporalio/client';

import { STORE } from '../store/store-tokens.js';
import { TEMPORAL_CONNECTION } from '../temporal/temporal-module.js';

/** How long one look at a service may take, in milliseconds. */
const checkBoundMs = 1_500;

interface Check {
  readonly ok: boolean;
  readonly detail: string;
}

/** Looks at the services that the API needs. */
@Injectable()
export class Readiness {
  #draining = false;

  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(TEMPORAL_CONNECTION) private readonly temporal: Connection,
  ) {}

  /** From now on no check is green: the process is going away. */
  drain(): void {
    this.#draining = true;
  }

  /** Every service with what is wrong with it. Takes at most two seconds. */
  async look(): Promise<Health> {
    const [postgres, temporal] = await Promise.all([this.lookAtPostgres(), this.lookAtTemporal()]);
    const checks = {
      postgres,
      temporal,
      ...(this.#draining ? { process: { ok: false, detail: 'shutting down' } } : {}),
    };
    const ok = Object.values(checks).every((check) => check.ok);
    return { status: ok ? 'ok' : 'unavailable', checks };
  }

  private async lookAtPostgres(): Promise<Check> {
    return checked(async () => {
      const found = await this.store.schemaVersion();
      const text = `schema version ${found}, ${newestSchemaVersion} needed`;
      return { ok: found >= newestSchemaVersion, detail: text };
    });
  }

  private async lookAtTemporal(): Promise<Check> {
    return checked(async () => {
      const info = await this.temporal.withDeadline(Date.now() + checkBoundMs, () =>
        this.temporal.workflowService.getSystemInfo({}),
      );
      return { ok: true, detail: `server ${info.serverVersion}` };
    });
  }
}

async function checked(look: () => Promise<Check>): Promise<Check> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Check>((resolve) => {
    timer = setTimeout(resolve, checkBoundMs, {
      ok: false,
      detail: `no answer within ${checkBoundMs} ms`,
    });
  });
  try {
    return await Promise.race([look(), late]);
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
