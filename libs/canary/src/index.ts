export * from './canary-configuration.js';
export * from './judge/netflix-judge.js';
export * from './judge/mann-whitney.js';
export * from './statistics/normal-distribution.js';
