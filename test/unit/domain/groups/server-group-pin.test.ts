import {
  awsCommandLines,
  isReservedTagKey,
  parsePinTag,
  pinTag,
  pinTagKey,
  plannedPin,
  tagsToRestore,
  type UndoEntry,
} from '@gennaker/domain';
import { describe, expect, it } from 'vitest';

describe('a pin that is remembered', () => {
  it('comes back from its tag as it was, and from no other text', () => {
    const pin = { min: 2, pinnedMin: 5 };
    expect(parsePinTag(pinTag(pin))).toEqual(pin);
    for (const value of ['', 'min=2', 'min=-1 pinned=2', 'min=2 pinned=5 ']) {
      expect(parsePinTag({ value, propagateAtLaunch: false })).toBeNull();
    }
  });

  it('is one tag that no stage may touch by name, and that is not propagated', () => {
    expect(isReservedTagKey(pinTagKey)).toBe(true);
    expect(pinTag({ min: 1, pinnedMin: 2 }).propagateAtLaunch).toBe(false);
  });

  it('raises the minimum to the desired size and keeps the first minimum', () => {
    expect(plannedPin({ min: 2, desired: 5 }, null)).toEqual({ min: 2, pinnedMin: 5 });
    // Pinned at 5 before, and grown since.
    expect(plannedPin({ min: 5, desired: 8 }, { min: 2, pinnedMin: 5 })).toEqual({
      min: 2,
      pinnedMin: 8,
    });
    // Somebody has lowered the minimum since the first pin.
    expect(plannedPin({ min: 1, desired: 8 }, { min: 2, pinnedMin: 5 })?.min).toBe(1);
  });

  it('does nothing to a group that cannot shrink', () => {
    expect(plannedPin({ min: 3, desired: 3 }, null)).toBeNull();
  });
});

describe('tags to restore', () => {
  const one = (value: string) => ({ value, propagateAtLaunch: false });
  const change = {
    recorded: { team: one('web'), tier: null },
    written: { team: one('shop'), tier: one('front') },
  };

  it('are all that are as recorded or as written', () => {
    const recorded = { restore: change.recorded, left: [] };
    expect(tagsToRestore(change.written, change)).toEqual(recorded);
    expect(tagsToRestore({ team: one('web') }, change)).toEqual(recorded);
  });

  it("are not those that are somebody else's by now, be it only in what they propagate", () => {
    const theirs = { team: { value: 'shop', propagateAtLaunch: true }, tier: one('front') };
    expect(tagsToRestore(theirs, change)).toEqual({ restore: { tier: null }, left: ['team'] });
    expect(tagsToRestore({ tier: one('front') }, change).left).toEqual(['team']);
  });
});

it('AWS’s tags and ours are reserved, in any case of letters', () => {
  for (const key of ['aws:x', 'AWS:x', 'gennaker:stage', 'Gennaker:x']) {
    expect(isReservedTagKey(key)).toBe(true);
  }
  expect(isReservedTagKey('team')).toBe(false);
});

it('tags by hand: one line for what comes back, one for what goes', () => {
  const entry: UndoEntry = {
    id: 'tags',
    operation: 'restoreTags',
    title: 'Tags',
    subject: { account: 'demo', region: 'eu-west-1', serverGroup: 'web-v000' },
    arn: null,
    recorded: { team: { value: 'web', propagateAtLaunch: true }, tier: null },
    written: { team: null, tier: { value: 'front', propagateAtLaunch: false } },
  };
  expect(awsCommandLines(entry)).toEqual([
    "aws autoscaling create-or-update-tags --region eu-west-1 --tags 'ResourceId=web-v000,ResourceType=auto-scaling-group,Key=team,Value=web,PropagateAtLaunch=true'",
    "aws autoscaling delete-tags --region eu-west-1 --tags 'ResourceId=web-v000,ResourceType=auto-scaling-group,Key=tier'",
  ]);
});
