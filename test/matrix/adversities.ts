import { atStep } from './adversities/at-steps.js';
import { badFigures } from './adversities/bad-figures.js';
import { byOthers } from './adversities/by-others.js';
import { inUndo } from './adversities/in-undo.js';
import { atMutation, onAws } from './adversities/on-aws.js';
import { outages } from './adversities/outages.js';
import { refreshByOthers } from './adversities/refresh-by-others.js';
import type { Adversity, Scouted } from './adversity.js';

/** Everything that can go wrong with a strategy, generated from what its runs have shown. */
export function adversitiesOf(scouted: Scouted): readonly Adversity[] {
  return [
    ...onAws,
    ...outages(scouted),
    ...byOthers(scouted),
    ...refreshByOthers(scouted),
    ...badFigures(scouted),
    ...scouted.steps.flatMap(atStep),
    ...scouted.mutations.flatMap(atMutation),
    ...inUndo(scouted),
  ];
}
