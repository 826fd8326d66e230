import type { Stage } from './stage.js';

export const services = [
  'ec2',
  'autoscaling',
  'elasticloadbalancing',
  'cloudwatch',
  'servicequotas',
  'sts',
  'ssm',
  'route53',
] as const;
export type Service = (typeof services)[number];

/** One behaviour of AWS: whoever passes it behaves, in this, as AWS documents. */
export interface Scenario {
  /** Topic and behaviour, unique: `groups/create-twice`. The lists of divergences name it. */
  readonly id: string;
  readonly service: Service;
  /** A sentence that is true of AWS. */
  readonly title: string;
  /** The page of AWS's documentation that it rests on. */
  readonly documentation: string;
  /** Throws where the target behaves otherwise. Makes all that it needs, and has it undone. */
  readonly run: (stage: Stage) => Promise<void>;
}

/** A scenario without its topic. */
export type Behaviour = Omit<Scenario, 'id' | 'service' | 'documentation'> & {
  readonly name: string;
  /** Where it is another page than the topic's. */
  readonly page?: string;
};

export interface Topic {
  readonly name: string;
  readonly service: Service;
  /** The page of AWS's documentation that the topic's behaviours rest on. */
  readonly documentation: string;
}

/** The scenarios of one topic. */
export function topic(about: Topic, behaviours: readonly Behaviour[]): readonly Scenario[] {
  return behaviours.map(({ name, title, page, run }) => ({
    id: `${about.name}/${name}`,
    service: about.service,
    title,
    documentation: page ?? about.documentation,
    run,
  }));
}
