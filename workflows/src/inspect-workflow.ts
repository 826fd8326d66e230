import type { InspectWorkflowInput, InspectWorkflowResult } from '@gennaker/contract/wire';
import { awsWrites } from './proxies.js';

/** How long a look may take; the API gives up before. */
const lookMs = 15_000;

/** One look at AWS for the API, which may not know AWS itself. Changes nothing. */
export async function inspectWorkflow(input: InspectWorkflowInput): Promise<InspectWorkflowResult> {
  const reads = awsWrites(Date.now() + lookMs);
  switch (input.look) {
    case 'cluster': {
      const { cluster } = input;
      return { look: 'cluster', cluster: await reads.readCluster({ cluster, priority: 'screen' }) };
    }
    case 'plan': {
      const { plans } = await reads.previewPlans(input);
      return { look: 'plan', plans };
    }
    case 'undo': {
      const { executionId, open } = input;
      return { look: 'undo', ...(await reads.compareUndo({ executionId, open })) };
    }
  }
}
