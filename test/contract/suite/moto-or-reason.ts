import { contractSettings } from '../../support/contract/settings.js';
import { offeredTargets } from './targets/all-targets.js';
import type { Target } from './targets/target.js';

/**
 * moto, running, or why not. Where there is no python3 it is skipped; where there is one but the packages cannot be
 * had, it is skipped on a person's machine and rejects in CI.
 */
export async function motoOrReason(): Promise<
  { readonly target: Target } | { readonly whyNot: string }
> {
  const { whyNot, open } = offeredTargets.moto;
  const reason = await whyNot();
  if (reason !== undefined) return { whyNot: reason };
  try {
    return { target: await open() };
  } catch (error) {
    if (contractSettings().isCi) throw error;
    return { whyNot: error instanceof Error ? error.message : String(error) };
  }
}
