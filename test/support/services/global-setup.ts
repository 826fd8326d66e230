import type { TestProject } from 'vitest/node';

import { startServices } from './start-services.js';

/** How tests reach the services that the whole run shares. */
export interface ServiceAddresses {
  /** host:port of Temporal's frontend. */
  readonly temporalAddress: string;
  /** Connection string of a superuser; make a database of your own with it. */
  readonly postgresUrl: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    services: ServiceAddresses;
  }
}

/** Starts one Temporal server and one PostgreSQL for all test files of the project. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const services = await startServices();
  const { temporalAddress, postgresUrl } = services;
  project.provide('services', { temporalAddress, postgresUrl });
  return () => services.close();
}
