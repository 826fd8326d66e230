export { pipelineWorkflow } from './pipeline-workflow.js';
export { lockWorkflow } from './lock-workflow.js';
export { inspectWorkflow } from './inspect-workflow.js';
