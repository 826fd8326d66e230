import type { ExecutionState } from '@gennaker/domain';

/** An answer of the API: its status, its body as JSON, its headers. */
export interface ApiAnswer<Body> {
  readonly status: number;
  readonly body: Body;
  readonly headers: Headers;
}

/** The execution view as the API gives it. */
export type ExecutionView = ExecutionState & { readonly position: number };

/** A user of the control plane: JSON over HTTP and nothing else. */
export class ApiClient {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  async get<Body>(path: string): Promise<ApiAnswer<Body>> {
    return await answerOf<Body>(await fetch(`${this.url}${path}`));
  }

  async post<Body>(
    path: string,
    body: unknown,
    options: { readonly key?: string; readonly type?: string } = {},
  ): Promise<ApiAnswer<Body>> {
    const { key, type = 'application/json' } = options;
    const response = await fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': type, ...(key === undefined ? {} : { 'idempotency-key': key }) },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return await answerOf<Body>(response);
  }

  async execution(id: string): Promise<ExecutionView> {
    const { status, body } = await this.get<ExecutionView>(`/v1/executions/${id}`);
    if (status !== 200) throw new Error(`GET execution ${id}: ${status} ${JSON.stringify(body)}`);
    return body;
  }

  /** Saves the pipeline and starts it; the execution's id. */
  async run(pipeline: { readonly application: string; readonly name: string }): Promise<string> {
    const saved = await this.post('/v1/pipelines', pipeline);
    if (saved.status !== 201)
      throw new Error(`save: ${saved.status} ${JSON.stringify(saved.body)}`);
    return await this.start(pipeline.application, pipeline.name);
  }

  /** Starts the newest version of a saved pipeline. */
  async start(application: string, name: string): Promise<string> {
    const started = await this.post<{ readonly executionId: string }>(
      `/v1/pipelines/${application}/${encodeURIComponent(name)}/executions`,
      { by: 'test' },
    );
    if (started.status !== 202) {
      throw new Error(`start: ${started.status} ${JSON.stringify(started.body)}`);
    }
    return started.body.executionId;
  }
}

async function answerOf<Body>(response: Response): Promise<ApiAnswer<Body>> {
  const text = await response.text();
  const body = (text === '' ? null : JSON.parse(text)) as Body;
  return { status: response.status, body, headers: response.headers };
}
