-- SQL Server 2016 and later. NOT TESTED against a real database; JdbcLeaseTableSource says so when it is used.

-- name: now
DATEDIFF_BIG(MILLISECOND, '1970-01-01', SYSUTCDATETIME())

-- name: read_coordinators
SELECT address, member_name, physical_address, incarnation, coordinator, view_id, view_size, beat,
       ${now} - beat_at_ms AS age_ms, lease_ms, format_version
  FROM ${table}
 WHERE cluster_name = ? AND (coordinator = 1 OR address IN ('*founder*', ?))

-- MERGE alone may insert a row twice; with HOLDLOCK it does not.
-- name: enter
MERGE INTO ${table} WITH (HOLDLOCK) AS t
USING (SELECT ? AS cluster_name, ? AS address, ? AS member_name, ? AS physical_address, ? AS incarnation,
              ? AS coordinator, ? AS view_id, ? AS view_size, ? AS lease_ms, ? AS format_version, ? AS beat) AS n
   ON t.cluster_name = n.cluster_name AND t.address = n.address
 WHEN MATCHED THEN UPDATE
  SET member_name = n.member_name, physical_address = n.physical_address, incarnation = n.incarnation,
      coordinator = n.coordinator, view_id = n.view_id, view_size = n.view_size, lease_ms = n.lease_ms,
      format_version = n.format_version, beat = t.beat + 1, beat_at_ms = ${now}
 WHEN NOT MATCHED THEN
      INSERT (cluster_name, address, member_name, physical_address, incarnation, coordinator, view_id, view_size, lease_ms,
              format_version, beat, beat_at_ms)
      VALUES (n.cluster_name, n.address, n.member_name, n.physical_address, n.incarnation, n.coordinator, n.view_id,
              n.view_size, n.lease_ms, n.format_version, n.beat, ${now});

-- A duplicate key here is a lost race, which JdbcLeaseTable takes for one.
-- name: found_first
INSERT INTO ${table}
       (cluster_name, address, member_name, incarnation, coordinator, view_size, beat, beat_at_ms, lease_ms,
        format_version)
VALUES (?, '*founder*', ?, ?, 0, 0, 1, ${now}, 0, 1)
