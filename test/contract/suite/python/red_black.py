"""One red/black deployment through boto3: whoever speaks to the stand-in need not be written in TypeScript.

    red_black.py ENDPOINT    prints one JSON object of what the replies said
"""

import json
import sys
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ENDPOINT = sys.argv[1]
CLIENT = {
    "endpoint_url": ENDPOINT,
    "region_name": "eu-west-1",
    "aws_access_key_id": "333333333333",
    "aws_secret_access_key": "unused",
    "config": Config(retries={"total_max_attempts": 1}),
}
ec2 = boto3.client("ec2", **CLIENT)
groups = boto3.client("autoscaling", **CLIENT)
elb = boto3.client("elbv2", **CLIENT)
sts = boto3.client("sts", **CLIENT)


def advance(seconds):
    body = json.dumps({"seconds": seconds}).encode()
    request = urllib.request.Request(f"{ENDPOINT}/_simulator/clock/advance", data=body, method="POST")
    urllib.request.urlopen(request).read()


def lay_ground():
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.9.{n}.0/24", AvailabilityZone=f"eu-west-1{zone}")["Subnet"]["SubnetId"]
        for n, zone in enumerate("ab")
    ]
    target_group = elb.create_target_group(
        Name="web",
        Protocol="HTTP",
        Port=80,
        VpcId=vpc,
        HealthCheckIntervalSeconds=5,
        HealthCheckTimeoutSeconds=2,
        HealthyThresholdCount=2,
    )["TargetGroups"][0]["TargetGroupArn"]
    elb.modify_target_group_attributes(
        TargetGroupArn=target_group,
        Attributes=[{"Key": "deregistration_delay.timeout_seconds", "Value": "10"}],
    )
    balancer = elb.create_load_balancer(Name="web", Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]
    elb.create_listener(
        LoadBalancerArn=balancer,
        Port=80,
        Protocol="HTTP",
        DefaultActions=[{"Type": "forward", "TargetGroupArn": target_group}],
    )
    return subnets, target_group


def deploy(name, subnets, target_group):
    image = ec2.register_image(Name=f"{name}-image")["ImageId"]
    template = ec2.create_launch_template(
        LaunchTemplateName=name,
        ClientToken=f"token-{name}",
        LaunchTemplateData={"ImageId": image, "InstanceType": "t3.micro"},
    )["LaunchTemplate"]["LaunchTemplateId"]
    groups.create_auto_scaling_group(
        AutoScalingGroupName=name,
        MinSize=2,
        MaxSize=2,
        DesiredCapacity=2,
        VPCZoneIdentifier=",".join(subnets),
        LaunchTemplate={"LaunchTemplateId": template, "Version": "1"},
        TargetGroupARNs=[target_group],
        Tags=[{"Key": "app", "Value": "web", "PropagateAtLaunch": True}],
    )
    advance(60)


def members(name):
    pages = groups.get_paginator("describe_auto_scaling_groups").paginate(AutoScalingGroupNames=[name])
    found = [group for page in pages for group in page["AutoScalingGroups"]]
    return [instance for group in found for instance in group["Instances"]]


def healthy(target_group):
    described = elb.describe_target_health(TargetGroupArn=target_group)["TargetHealthDescriptions"]
    return sorted(each["Target"]["Id"] for each in described if each["TargetHealth"]["State"] == "healthy")


def ids(name):
    return sorted(instance["InstanceId"] for instance in members(name))


def code_of(call):
    try:
        call()
    except ClientError as error:
        return [error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]]
    return None


subnets, target_group = lay_ground()
deploy("web-v000", subnets, target_group)
old = ids("web-v000")
alone = healthy(target_group)
deploy("web-v001", subnets, target_group)
new = ids("web-v001")
both = healthy(target_group)
groups.suspend_processes(
    AutoScalingGroupName="web-v000", ScalingProcesses=["Launch", "Terminate", "AddToLoadBalancer"]
)
elb.deregister_targets(TargetGroupArn=target_group, Targets=[{"Id": each} for each in old])
draining = [
    each["TargetHealth"]["State"]
    for each in elb.describe_target_health(TargetGroupArn=target_group, Targets=[{"Id": each} for each in old])[
        "TargetHealthDescriptions"
    ]
]
advance(30)
switched = healthy(target_group)
duplicate = code_of(
    lambda: groups.create_auto_scaling_group(
        AutoScalingGroupName="web-v001",
        MinSize=0,
        MaxSize=0,
        AvailabilityZones=["eu-west-1a"],
        LaunchTemplate={"LaunchTemplateName": "web-v001"},
    )
)
in_use = code_of(lambda: groups.delete_auto_scaling_group(AutoScalingGroupName="web-v000"))
groups.resume_processes(AutoScalingGroupName="web-v000")
groups.delete_auto_scaling_group(AutoScalingGroupName="web-v000", ForceDelete=True)
advance(120)
left = groups.describe_auto_scaling_groups(AutoScalingGroupNames=["web-v000"])["AutoScalingGroups"]
states = [
    instance["State"]["Name"]
    for reservation in ec2.describe_instances(InstanceIds=old)["Reservations"]
    for instance in reservation["Instances"]
]
print(
    json.dumps(
        {
            "account": sts.get_caller_identity()["Account"],
            "lifecycle": sorted({instance["LifecycleState"] for instance in members("web-v001")}),
            "oldServedAlone": alone == old,
            "bothServed": both == sorted(old + new),
            "draining": draining,
            "onlyNewServes": switched == new,
            "duplicate": duplicate,
            "inUse": in_use,
            "groupsLeft": len(left),
            "oldInstances": states,
        }
    )
)
