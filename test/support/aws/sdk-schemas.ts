/** Paths of the members that `reply` has and `request` has not, in the SDK's run-time schemas. */
export function missingFields(reply: unknown, request: unknown, path = ''): readonly string[] {
  const [inReply, inRequest] = [schemaOf(reply), schemaOf(request)];
  if (!Array.isArray(inReply) || !Array.isArray(inRequest)) return [];
  if (inReply[0] === 1) return missingFields(inReply[4], inRequest[4], `${path}[]`);
  if (inReply[0] !== 3) return [];
  const [names, known] = [inReply[4] as readonly string[], inRequest[4] as readonly string[]];
  return names.flatMap((name, index) => {
    const member = path === '' ? name : `${path}.${name}`;
    const place = known.indexOf(name);
    if (place < 0) return [member];
    const references = [inReply[5], inRequest[5]] as readonly (readonly unknown[])[];
    return missingFields(references[0]?.[index], references[1]?.[place], member);
  });
}

function schemaOf(reference: unknown): unknown {
  if (typeof reference === 'function') return schemaOf((reference as () => unknown)());
  return Array.isArray(reference) && reference.length === 2 ? schemaOf(reference[0]) : reference;
}
