import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { expect, test } from 'vitest';

import { createTestDatabase } from '../../support/services/test-database.js';
import { createTestNamespace } from '../../support/services/test-namespace.js';

test('gives each test file an empty database of its own', async () => {
  const [first, second] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  const client = new pg.Client({ connectionString: first.url });
  await client.connect();
  await client.query('CREATE TABLE only_here (id int)');
  await client.end();

  const other = new pg.Client({ connectionString: second.url });
  await other.connect();
  const tables = await other.query("SELECT 1 FROM pg_tables WHERE tablename = 'only_here'");
  await other.end();
  expect(tables.rowCount).toBe(0);
  await Promise.all([first.drop(), second.drop()]);
});

test('gives each test file a namespace that takes a workflow at once', async () => {
  const { address, namespace } = await createTestNamespace();
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, namespace });
  const handle = await client.workflow.start('nobodyRunsThis', {
    taskQueue: 'engine',
    workflowId: 'first',
  });
  const description = await handle.describe();
  await handle.terminate('the test is over');
  await connection.close();
  expect(description.status.name).toBe('RUNNING');
});
