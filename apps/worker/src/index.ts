export { buildWorkflowBundle, workflowBundlePath } from './workflow-bundle.js';
