/** What the server groups of the scripted world are like, and so their successors. */
export const scriptedSettings = {
  subnetIds: ['subnet-1'],
  targetGroupArns: ['arn:tg'],
  suspendedProcesses: [],
  healthCheckType: 'ELB',
  healthCheckGraceSeconds: 600,
  cooldownSeconds: 300,
  terminationPolicies: ['Default'],
  tags: [],
  launchTemplate: {
    clonedFrom: { launchTemplateId: 'lt-0', version: '1' },
    instanceType: null,
    securityGroupIds: null,
    keyName: null,
    iamInstanceProfile: null,
  },
} as const;
