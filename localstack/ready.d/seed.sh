#!/usr/bin/env bash
# Runs within LocalStack once it is ready: the images that the seed and the demo name, so that a group can launch.
# The rest is made from outside through the ordinary SDK, by localstack/seed (localstack/README.md).
set -euo pipefail

for version in 1.0.0 1.1.0; do
  found=$(awslocal ec2 describe-images --owners self --filters "Name=name,Values=web-$version" \
    --query 'length(Images)' --output text)
  [ "$found" = 0 ] || continue
  awslocal ec2 register-image --name "web-$version" --architecture x86_64 --root-device-name /dev/xvda
done
