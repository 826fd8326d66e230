import type { SimulatorControl } from '../e2e/simulator-control.js';

/** The next call of this action has its effect, but its reply is lost. */
export function loseReply(control: SimulatorControl, action: string): Promise<string> {
  return control.fault({ match: { action }, point: 'after', effect: { kind: 'reset' }, times: 1 });
}

/** The next call of this action is throttled, before it has any effect. */
export function throttleOnce(control: SimulatorControl, action: string): Promise<string> {
  return control.fault({ match: { action }, effect: { kind: 'throttle' }, times: 1 });
}

/** Every call of this action is denied from now on. */
export function deny(control: SimulatorControl, action: string): Promise<string> {
  const message = `User: role/gennaker is not authorized to perform: ${action}`;
  const effect = { kind: 'error', code: 'AccessDenied', status: 403, message };
  return control.fault({ match: { action }, effect });
}
