import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { StackSettings } from '../config/stack-settings.js';
import { findFreePort } from '../net/ports.js';
import type { CommandContext } from './command-line.js';

/** Placeholder */
export async function runDemo(context: CommandContext, keep: boolean): Promise<number> {
  void keep;
  await demoSettings(context.settings);
  return 0;
}

async function demoSettings(settings: StackSettings): Promise<StackSettings> {
  const ports = await Promise.all(Array.from({ length: 6 }, findFreePort));
  const [api = 0, worker = 0, temporal = 0, temporalUi = 0, postgres = 0, standIn = 0] = ports;
  return {
    ...settings,
    dataDir: mkdtempSync(path.join(tmpdir(), 'gennaker-demo-')),
    ports: { api, worker, temporal, temporalUi, postgres, standIn },
  };
}
