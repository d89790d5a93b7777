-- Oracle 12.1 and later. NOT TESTED against a real database; JdbcLeaseTableSource says so when it is used.

-- name: now
ROUND(EXTRACT(DAY FROM (SYS_EXTRACT_UTC(SYSTIMESTAMP) - TIMESTAMP '1970-01-01 00:00:00')) * 86400000
    + EXTRACT(HOUR FROM (SYS_EXTRACT_UTC(SYSTIMESTAMP) - TIMESTAMP '1970-01-01 00:00:00')) * 3600000
    + EXTRACT(MINUTE FROM (SYS_EXTRACT_UTC(SYSTIMESTAMP) - TIMESTAMP '1970-01-01 00:00:00')) * 60000
    + EXTRACT(SECOND FROM (SYS_EXTRACT_UTC(SYSTIMESTAMP) - TIMESTAMP '1970-01-01 00:00:00')) * 1000)

-- name: read_coordinators
SELECT address, member_name, physical_address, incarnation, coordinator, view_id, view_size, beat,
       ${now} - beat_at_ms AS age_ms, lease_ms, format_version
  FROM ${table}
 WHERE cluster_name = ? AND (coordinator = 1 OR address IN ('*founder*', ?))

-- name: enter
MERGE INTO ${table} t
USING (SELECT ? AS cluster_name, ? AS address, ? AS member_name, ? AS physical_address, ? AS incarnation,
              ? AS coordinator, ? AS view_id, ? AS view_size, ? AS lease_ms, ? AS format_version, ? AS beat
         FROM DUAL) n
   ON (t.cluster_name = n.cluster_name AND t.address = n.address)
 WHEN MATCHED THEN UPDATE
  SET t.member_name = n.member_name, t.physical_address = n.physical_address, t.incarnation = n.incarnation,
      t.coordinator = n.coordinator, t.view_id = n.view_id, t.view_size = n.view_size, t.lease_ms = n.lease_ms,
      t.format_version = n.format_version, t.beat = t.beat + 1, t.beat_at_ms = ${now}
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
VALUES (?, '*founder*', ?, ?, 0, 0, 1, ${now}, 0, 1)
