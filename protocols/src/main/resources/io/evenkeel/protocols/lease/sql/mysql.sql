-- MySQL 5.7 and later, MariaDB 10.3 and later.

-- In UTC all the way: the session's zone has an hour twice when the clocks go back.
-- name: now
TIMESTAMPDIFF(MICROSECOND, TIMESTAMP'1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000

-- name: enter
INSERT INTO ${table}
       (cluster_name, address, member_name, physical_address, incarnation, coordinator, view_id, view_size, lease_ms,
        format_version, beat, beat_at_ms)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ${now})
    ON DUPLICATE KEY UPDATE
       member_name = VALUES(member_name), physical_address = VALUES(physical_address),
       incarnation = VALUES(incarnation), coordinator = VALUES(coordinator), view_id = VALUES(view_id),
       view_size = VALUES(view_size), lease_ms = VALUES(lease_ms), format_version = VALUES(format_version),
       beat = beat + 1, beat_at_ms = VALUES(beat_at_ms)

-- name: found_first
INSERT IGNORE INTO ${table}
       (cluster_name, address, member_name, incarnation, coordinator, view_size, beat, beat_at_ms, lease_ms,
        format_version)
VALUES (?, '*founder*', ?, ?, FALSE, 0, 1, ${now}, 0, 1)
