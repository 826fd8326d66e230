import { SetupFailure } from '../setup/setup-failure.js';
import { findPortHolder } from './port-holder.js';
import { isPortFree } from './ports.js';

/** A port that a part of the stack is going to listen on, and the setting that moves it. */
export interface PortClaim {
  readonly port: number;
  readonly setting: string;
  readonly purpose: string;
}

/**
 * Checks every port before anything is started. Throws one SetupFailure for all ports that are taken
 * or claimed twice: each with its setting, and with its holder where that can be told.
 */
export async function requirePorts(claims: readonly PortClaim[]): Promise<void> {
  const faults: string[] = [];
  const remedies: string[] = [];
  for (const [index, claim] of claims.entries()) {
    const twin = claims.slice(0, index).find((other) => other.port === claim.port);
    if (twin !== undefined) {
      faults.push(`${twin.purpose} and ${claim.purpose} are both to use port ${claim.port}`);
      remedies.push(`Set ${claim.setting} or ${twin.setting} to another port.`);
    } else if (!(await isPortFree(claim.port))) {
      const holder = findPortHolder(claim.port) ?? 'another process (not one that we may look at)';
      faults.push(`port ${claim.port} for ${claim.purpose} is taken by ${holder}`);
      remedies.push(`Set ${claim.setting} to another port, or end ${holder}.`);
    }
  }
  if (faults.length > 0) {
    throw new SetupFailure({ step: 'check the ports', why: faults.join('; '), remedies });
  }
}
