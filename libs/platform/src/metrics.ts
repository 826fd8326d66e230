import { collectDefaultMetrics, Registry } from 'prom-client';

/**
 * A registry of its own for one process (never prom-client's global one, so that two apps in one test do not collide),
 * with Node's own figures and the label `process` on every series. `registry.metrics()` is the text of a scrape.
 */
export function createMetricsRegistry(processName: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ process: processName });
  collectDefaultMetrics({ register: registry });
  return registry;
}
