import type {
  $Command as AutoScalingSdkCommand,
  AutoScalingClientResolvedConfig,
  ServiceInputTypes as AutoScalingInput,
  ServiceOutputTypes as AutoScalingOutput,
} from '@aws-sdk/client-auto-scaling';
import type {
  $Command as CloudWatchSdkCommand,
  CloudWatchClientResolvedConfig,
  ServiceInputTypes as CloudWatchInput,
  ServiceOutputTypes as CloudWatchOutput,
} from '@aws-sdk/client-cloudwatch';
import type {
  $Command as Ec2SdkCommand,
  EC2ClientResolvedConfig,
  ServiceInputTypes as Ec2Input,
  ServiceOutputTypes as Ec2Output,
} from '@aws-sdk/client-ec2';
import type {
  $Command as ElbSdkCommand,
  ElasticLoadBalancingV2ClientResolvedConfig,
  ServiceInputTypes as ElbInput,
  ServiceOutputTypes as ElbOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type {
  $Command as QuotasSdkCommand,
  ServiceInputTypes as QuotasInput,
  ServiceOutputTypes as QuotasOutput,
  ServiceQuotasClientResolvedConfig,
} from '@aws-sdk/client-service-quotas';

import type {
  $Command as Route53SdkCommand,
  Route53ClientResolvedConfig,
  ServiceInputTypes as Route53Input,
  ServiceOutputTypes as Route53Output,
} from '@aws-sdk/client-route-53';

export type {
  AutoScalingInput,
  AutoScalingOutput,
  CloudWatchInput,
  CloudWatchOutput,
  Ec2Input,
  Ec2Output,
  ElbInput,
  ElbOutput,
  Route53Input,
  Route53Output,
  QuotasInput,
  QuotasOutput,
};

/** A command of Auto Scaling with its reply's type. */
export type AutoScalingCommand<
  I extends AutoScalingInput,
  O extends AutoScalingOutput,
> = AutoScalingSdkCommand<
  I,
  O,
  AutoScalingClientResolvedConfig,
  AutoScalingInput,
  AutoScalingOutput
>;

/** A command of CloudWatch with its reply's type. */
export type CloudWatchCommand<
  I extends CloudWatchInput,
  O extends CloudWatchOutput,
> = CloudWatchSdkCommand<I, O, CloudWatchClientResolvedConfig, CloudWatchInput, CloudWatchOutput>;

/** A command of EC2 with its reply's type. */
export type Ec2Command<I extends Ec2Input, O extends Ec2Output> = Ec2SdkCommand<
  I,
  O,
  EC2ClientResolvedConfig,
  Ec2Input,
  Ec2Output
>;

/** A command of Elastic Load Balancing v2 with its reply's type. */
export type ElbCommand<I extends ElbInput, O extends ElbOutput> = ElbSdkCommand<
  I,
  O,
  ElasticLoadBalancingV2ClientResolvedConfig,
  ElbInput,
  ElbOutput
>;

/** A command of Route 53 with its reply's type. */
export type Route53Command<I extends Route53Input, O extends Route53Output> = Route53SdkCommand<
  I,
  O,
  Route53ClientResolvedConfig,
  Route53Input,
  Route53Output
>;

/** A command of Service Quotas with its reply's type. */
export type QuotasCommand<I extends QuotasInput, O extends QuotasOutput> = QuotasSdkCommand<
  I,
  O,
  ServiceQuotasClientResolvedConfig,
  QuotasInput,
  QuotasOutput
>;
