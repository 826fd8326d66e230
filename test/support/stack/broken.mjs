process.stderr.write('the schema cannot be read\n');
process.exitCode = 3;
