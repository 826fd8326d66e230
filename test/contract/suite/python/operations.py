"""Prints what this moto answers: one "service:Operation" a line, from botocore's list of AWS's operations."""

import botocore.session
from moto.autoscaling.responses import AutoScalingResponse
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import camelcase_to_underscores, method_names_from_class
from moto.ec2.responses import EC2Response
from moto.elbv2.responses import ELBV2Response
from moto.route53.responses import Route53
from moto.servicequotas.responses import ServiceQuotasResponse
from moto.ssm.responses import SimpleSystemManagerResponse
from moto.sts.responses import TokenResponse

ANSWERING = {
    "ec2": ("ec2", EC2Response),
    "autoscaling": ("autoscaling", AutoScalingResponse),
    "elbv2": ("elasticloadbalancing", ELBV2Response),
    "cloudwatch": ("cloudwatch", CloudWatchResponse),
    "service-quotas": ("servicequotas", ServiceQuotasResponse),
    "sts": ("sts", TokenResponse),
    "ssm": ("ssm", SimpleSystemManagerResponse),
    "route53": ("route53", Route53),
}

session = botocore.session.get_session()
for botocore_name, (service, response) in ANSWERING.items():
    methods = method_names_from_class(response)
    for operation in session.get_service_model(botocore_name).operation_names:
        if camelcase_to_underscores(operation) in methods:
            print(f"{service}:{operation}")
