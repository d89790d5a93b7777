CREATE TABLE ${table} (
    cluster_name     NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL,
    address          NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL,
    member_name      NVARCHAR(255),
    physical_address NVARCHAR(255),
    incarnation      BIGINT        NOT NULL,
    coordinator      BIT           NOT NULL,
    view_id          NVARCHAR(400),
    view_size        INT           NOT NULL,
    beat             BIGINT        NOT NULL,
    beat_at_ms       BIGINT        NOT NULL,
    lease_ms         BIGINT        NOT NULL,
    format_version   INT           NOT NULL,
    PRIMARY KEY NONCLUSTERED (cluster_name, address),
    UNIQUE (cluster_name, coordinator, address)
)
