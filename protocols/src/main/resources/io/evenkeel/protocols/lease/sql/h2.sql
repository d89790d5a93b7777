-- H2 2.x.

-- name: now
DATEDIFF(MILLISECOND, TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00:00', CURRENT_TIMESTAMP)

-- name: enter
MERGE INTO ${table} t
USING (SELECT CAST(? AS VARCHAR) AS cluster_name, CAST(? AS VARCHAR) AS address, CAST(? AS VARCHAR) AS member_name,
              CAST(? AS VARCHAR) AS physical_address, CAST(? AS BIGINT) AS incarnation, CAST(? AS BOOLEAN) AS coordinator,
              CAST(? AS VARCHAR) AS view_id, CAST(? AS INT) AS view_size, CAST(? AS BIGINT) AS lease_ms,
              CAST(? AS INT) AS format_version, CAST(? AS BIGINT) AS beat) n
   ON t.cluster_name = n.cluster_name AND t.address = n.address
 WHEN MATCHED THEN UPDATE
  SET member_name = n.member_name, physical_address = n.physical_address, incarnation = n.incarnation,
      coordinator = n.coordinator, view_id = n.view_id, view_size = n.view_size, lease_ms = n.lease_ms,
      format_version = n.format_version, beat = t.beat + 1, beat_at_ms = ${now}
 WHEN NOT MATCHED THEN
      INSERT (cluster_name, address, member_name, physical_address, incarnation, coordinator, view_id, view_size, lease_ms,
              format_version, beat, beat_at_ms)
      VALUES (n.cluster_name, n.address, n.member_name, n.physical_address, n.incarnation, n.coordinator, n.view_id,
              n.view_size, n.lease_ms, n.format_version, n.beat, ${now})

-- A duplicate key here is a lost race, which JdbcLeaseTable takes for one.
-- name: found_first
INSERT INTO ${table}
       (cluster_name, address, member_name, incarnation, coordinator, view_size, beat, beat_at_ms, lease_ms,
        format_version)
VALUES (?, '*founder*', ?, ?, FALSE, 0, 1, ${now}, 0, 1)
