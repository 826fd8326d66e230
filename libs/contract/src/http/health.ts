import { z } from 'zod';

/** Answer of `/health/live` and `/health/ready`. */
export const healthSchema = z
  .object({
    status: z.enum(['ok', 'unavailable']),
    checks: z
      .record(z.string(), z.object({ ok: z.boolean(), detail: z.string() }))
      .exactOptional()
      .meta({ description: 'One entry a service that the API needs.' }),
  })
  .meta({ id: 'Health' });

export type Health = z.output<typeof healthSchema>;
