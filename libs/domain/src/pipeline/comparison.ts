import type { ComparisonOperator } from '../groups/cluster.js';
import type { Json } from '../json.js';

/**
 * Whether `left operator right` holds. Total: values of different types are never equal and never ordered; only numbers
 * and strings have an order (strings by code unit); NaN equals nothing.
 */
export function compare(
  left: Json | undefined,
  operator: ComparisonOperator,
  right: string | number | boolean,
): boolean {
  if (operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  if (typeof left === 'number' && typeof right === 'number') return ordered(left, operator, right);
  if (typeof left === 'string' && typeof right === 'string') return ordered(left, operator, right);
  return false;
}

function ordered<T extends string | number>(
  left: T,
  operator: '<' | '<=' | '>' | '>=',
  right: T,
): boolean {
  switch (operator) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
  }
}
