CREATE TABLE ${table} (
    cluster_name     VARCHAR2(255 CHAR) NOT NULL,
    address          VARCHAR2(255 CHAR) NOT NULL,
    member_name      VARCHAR2(255 CHAR),
    physical_address VARCHAR2(255 CHAR),
    incarnation      NUMBER(19)         NOT NULL,
    coordinator      NUMBER(1)          NOT NULL,
    view_id          VARCHAR2(400 CHAR),
    view_size        NUMBER(10)         NOT NULL,
    beat             NUMBER(19)         NOT NULL,
    beat_at_ms       NUMBER(19)         NOT NULL,
    lease_ms         NUMBER(19)         NOT NULL,
    format_version   NUMBER(10)         NOT NULL,
    PRIMARY KEY (cluster_name, address),
    UNIQUE (cluster_name, coordinator, address)
)
