import { condition } from '@temporalio/workflow';

/** Rounds in which coroutines that one another wake get their turn. */
const roundsMax = 4;

/** Lets everything that this activation has woken run first. Costs no history. */
export async function othersHadTheirTurn(): Promise<void> {
  for (let round = 0; round < roundsMax; round += 1) {
    let next = false;
    void Promise.resolve().then(() => (next = true));
    await condition(() => next);
  }
}
