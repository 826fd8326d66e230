import type { Migration } from './migration.js';

/**
 * Writes a batch of events in one round trip. The lock on the execution's row makes commit order equal position order.
 * A function, and not one statement of CTEs, because each statement in a function sees what was committed while it waited
 * for that lock; a single statement would look for known keys in the picture from before the wait, and leave gaps.
 * A change of it gets a new name: the release before calls this one.
 */
export const recordEvents: Migration = {
  version: 2,
  name: 'record_events',
  sql: `
    CREATE FUNCTION record_events(
      p_execution_id text, p_generation integer,
      p_keys text[], p_ats timestamptz[], p_events text[], p_changes text[]
    ) RETURNS TABLE (outcome text, generation integer, last_position integer, recorded integer)
    LANGUAGE plpgsql AS $function$
    #variable_conflict use_column
    DECLARE
      v_position integer;
      v_generation integer;
      v_recorded integer;
      v_changes text[];
      v_text text;
      v_change jsonb := '{}';
    BEGIN
      SELECT e.position, e.generation INTO v_position, v_generation
        FROM executions e WHERE e.execution_id = p_execution_id FOR UPDATE;
      IF NOT FOUND THEN
        RETURN QUERY SELECT 'notFound', 0, 0, 0;
        RETURN;
      END IF;
      IF v_generation <> p_generation THEN
        RETURN QUERY SELECT
          CASE WHEN v_generation > p_generation THEN 'superseded' ELSE 'notOpened' END,
          v_generation, v_position, 0;
        RETURN;
      END IF;

      WITH fresh AS (
        SELECT n.key, n.at, n.event, n.change, n.ordinal,
               row_number() OVER (ORDER BY n.ordinal) AS rank
          FROM unnest(p_keys, p_ats, p_events, p_changes)
               WITH ORDINALITY AS n (key, at, event, change, ordinal)
         WHERE NOT EXISTS (
           SELECT 1 FROM execution_events k
            WHERE k.execution_id = p_execution_id AND k.key = n.key)
      ), written AS (
        INSERT INTO execution_events (execution_id, position, key, generation, at, event)
        SELECT p_execution_id, v_position + f.rank, f.key, p_generation, f.at, f.event::json
          FROM fresh f
      )
      SELECT count(*), array_agg(f.change ORDER BY f.ordinal) FILTER (WHERE f.change IS NOT NULL)
        INTO v_recorded, v_changes FROM fresh f;

      IF v_recorded > 0 THEN
        FOREACH v_text IN ARRAY coalesce(v_changes, '{}') LOOP
          v_change := v_change || CASE WHEN v_change ? 'startedAt'
            THEN v_text::jsonb - 'startedAt' ELSE v_text::jsonb END;
        END LOOP;
        UPDATE executions e SET
          position = v_position + v_recorded,
          updated_at = clock_timestamp(),
          status = coalesce(v_change->>'status', e.status),
          started_at = coalesce(e.started_at, (v_change->>'startedAt')::timestamptz),
          ended_at = CASE WHEN v_change ? 'endedAt'
            THEN (v_change->>'endedAt')::timestamptz ELSE e.ended_at END,
          needs_attention = CASE WHEN v_change ? 'needsAttention'
            THEN v_change->>'needsAttention' ELSE e.needs_attention END,
          engine_stalled = CASE WHEN v_change ? 'engineStalled'
            THEN v_change->>'engineStalled' ELSE e.engine_stalled END
        WHERE e.execution_id = p_execution_id;
        PERFORM pg_notify('gennaker_events', p_execution_id);
      END IF;
      RETURN QUERY SELECT 'recorded', v_generation, v_position + v_recorded, v_recorded;
    END
    $function$;
  `,
};
