CREATE TABLE IF NOT EXISTS ${table} (
    cluster_name     VARCHAR(255) NOT NULL,
    address          VARCHAR(255) NOT NULL,
    member_name      VARCHAR(255),
    physical_address VARCHAR(255),
    incarnation      BIGINT       NOT NULL,
    coordinator      BOOLEAN      NOT NULL,
    view_id          VARCHAR(400),
    view_size        INT          NOT NULL,
    beat             BIGINT       NOT NULL,
    beat_at_ms       BIGINT       NOT NULL,
    lease_ms         BIGINT       NOT NULL,
    format_version   INT          NOT NULL,
    PRIMARY KEY (cluster_name, address),
    UNIQUE (cluster_name, coordinator, address)
)
