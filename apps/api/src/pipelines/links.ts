/** Path of a pipeline's newest version, or of one version. */
export function pipelinePath(application: string, name: string, version?: number): string {
  const path = `/v1/pipelines/${encodeURIComponent(application)}/${encodeURIComponent(name)}`;
  return version === undefined ? path : `${path}?version=${version}`;
}
