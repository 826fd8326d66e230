/** Members of a call that name what it is about. */
const NAMING = /(Name|Names|Id|Ids|Arn|ARN|Arns|ARNs|Resources|Targets|Tags)$/;

/** The names, ids and ARNs that a call carries: what a fault's resource glob is held against. */
export function resourcesOf(input: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(input).flatMap(([member, value]) =>
    NAMING.test(member) ? namesIn(value) : [],
  );
}

function namesIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown) => (typeof item === 'string' ? [item] : idsOf(item)));
}

/** Targets and tags name their resource in a member of their own. */
function idsOf(item: unknown): readonly string[] {
  if (typeof item !== 'object' || item === null) return [];
  return ['Id', 'ResourceId']
    .map((name) => Reflect.get(item, name) as unknown)
    .filter((id) => typeof id === 'string');
}
