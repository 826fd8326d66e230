import { AwsError } from '../wire/aws-error.js';
import type { Scope } from '../world/scope.js';

/** AWS keeps five addresses of each subnet for itself. */
const RESERVED = 5;

/**
 * How many addresses a subnet has left. https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
 */
export function freeAddresses(scope: Scope, subnetId: string): number {
  const cidrBlock = scope.tables.subnets.find(subnetId)?.cidrBlock ?? '';
  const prefix = Number(cidrBlock.split('/')[1] ?? 24);
  return 2 ** (32 - prefix) - RESERVED - scope.tables.instances.countWhere('subnet', subnetId);
}

/** EC2's refusal when a subnet has fewer addresses left than a launch asks for. */
export function noFreeAddress(subnetId: string, wanted: number): AwsError {
  return new AwsError(
    'InsufficientFreeAddressesInSubnet',
    `The specified subnet does not have enough free addresses to satisfy the request. Subnet: ${subnetId}, requested: ${wanted}.`,
  );
}
