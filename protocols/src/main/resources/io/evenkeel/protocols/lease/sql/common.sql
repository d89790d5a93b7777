-- Statements that every dialect understands. ${table} is the table's name, ${now} the database's clock in milliseconds
-- since 1970, from the dialect's file. Parameters are positional; JdbcLeaseTable binds them in this order.
-- A dialect's file may replace any of them. One statement per operation, each atomic by itself under autocommit.

-- name: shape
SELECT cluster_name, address, member_name, physical_address, incarnation, coordinator, view_id, view_size, beat,
       beat_at_ms, lease_ms, format_version
  FROM ${table}
 WHERE 1 = 0

-- Three statements that touch no row and fail without the right. By the key, as MySQL's sql_safe_updates wants it.
-- name: may_insert
INSERT INTO ${table}
       (cluster_name, address, member_name, physical_address, incarnation, coordinator, view_id, view_size, lease_ms,
        format_version, beat, beat_at_ms)
SELECT cluster_name, address, member_name, physical_address, incarnation, coordinator, view_id, view_size, lease_ms,
       format_version, beat, beat_at_ms
  FROM ${table}
 WHERE cluster_name = '' AND address = ''

-- name: may_update
UPDATE ${table}
   SET beat = beat
 WHERE cluster_name = '' AND address = ''

-- name: may_delete
DELETE FROM ${table}
 WHERE cluster_name = '' AND address = ''

-- name: beat
UPDATE ${table}
   SET member_name = ?, physical_address = ?, coordinator = ?, view_id = ?, view_size = ?, lease_ms = ?,
       format_version = ?, beat = beat + 1, beat_at_ms = ${now}
 WHERE cluster_name = ? AND address = ? AND incarnation = ?

-- name: read
SELECT address, member_name, physical_address, incarnation, coordinator, view_id, view_size, beat,
       ${now} - beat_at_ms AS age_ms, lease_ms, format_version
  FROM ${table}
 WHERE cluster_name = ?

-- Uses the key and the index on coordinator: the same cost however many members there are.
-- name: read_coordinators
SELECT address, member_name, physical_address, incarnation, coordinator, view_id, view_size, beat,
       ${now} - beat_at_ms AS age_ms, lease_ms, format_version
  FROM ${table}
 WHERE cluster_name = ? AND (coordinator = TRUE OR address IN ('*founder*', ?))

-- name: count_foreign
SELECT COUNT(*)
  FROM ${table}
 WHERE cluster_name <> ? AND address <> '*founder*'

-- For a look from outside. The row of the last founding is no member's, but its presence lets an empty table tell the time.
-- name: census
SELECT cluster_name, COUNT(CASE WHEN address <> '*founder*' THEN 1 END) AS members,
       MIN(CASE WHEN address <> '*founder*' THEN ${now} - beat_at_ms END) AS youngest_ms, MAX(${now}) AS now_ms
  FROM ${table}
 GROUP BY cluster_name

-- name: renew
UPDATE ${table}
   SET coordinator = ?, view_id = ?, view_size = ?, beat = beat + 1, beat_at_ms = ${now}
 WHERE cluster_name = ? AND address = ? AND incarnation = ? AND beat = ?

-- name: evict
DELETE FROM ${table}
 WHERE cluster_name = ? AND address = ? AND incarnation = ? AND beat = ?

-- name: leave
DELETE FROM ${table}
 WHERE cluster_name = ? AND address = ? AND incarnation = ?

-- name: found
UPDATE ${table}
   SET member_name = ?, incarnation = ?, beat = beat + 1, beat_at_ms = ${now}
 WHERE cluster_name = ? AND address = '*founder*' AND beat = ?
