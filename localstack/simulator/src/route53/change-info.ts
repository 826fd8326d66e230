import type { ChangeInfo } from '@aws-sdk/client-route-53';
import type { Scope } from '../world/scope.js';

/** A change that is on its way to the name servers. https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeInfo.html */
export function changeInfo(scope: Scope, comment?: string): ChangeInfo {
  return {
    Id: `/change/C${scope.world.nextHex(20).toUpperCase()}`,
    Status: 'PENDING',
    SubmittedAt: new Date(scope.now()),
    Comment: comment,
  };
}
