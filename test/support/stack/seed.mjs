process.stdout.write(`seeds ${process.env.AWS_ENDPOINT_URL}\n`);
