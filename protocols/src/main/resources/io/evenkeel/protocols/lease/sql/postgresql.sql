-- PostgreSQL 9.5 and later.

-- name: now
CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)

-- name: enter
INSERT INTO ${table} AS t
       (cluster_name, address, member_name, physical_address, incarnation, coordinator, view_id, view_size, lease_ms,
        format_version, beat, beat_at_ms)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ${now})
    ON CONFLICT (cluster_name, address) DO UPDATE
   SET member_name = EXCLUDED.member_name, physical_address = EXCLUDED.physical_address,
       incarnation = EXCLUDED.incarnation, coordinator = EXCLUDED.coordinator, view_id = EXCLUDED.view_id,
       view_size = EXCLUDED.view_size, lease_ms = EXCLUDED.lease_ms, format_version = EXCLUDED.format_version,
       beat = t.beat + 1, beat_at_ms = EXCLUDED.beat_at_ms

-- name: found_first
INSERT INTO ${table}
       (cluster_name, address, member_name, incarnation, coordinator, view_size, beat, beat_at_ms, lease_ms,
        format_version)
VALUES (?, '*founder*', ?, ?, FALSE, 0, 1, ${now}, 0, 1)
    ON CONFLICT (cluster_name, address) DO NOTHING
