-- The ledger. One text for H2 and PostgreSQL. Times are UTC instants, amounts are integer minor units.
-- Ids are ULIDs, so that the order of ids is the order of intake.

create table command (
    row_id                  varchar(26)  primary key,
    sender                  varchar(100) not null,
    command_id              varchar(100) not null,
    content_hash            varchar(64)  not null,
    body                    varchar      not null,
    type                    varchar(20)  not null,
    -- null: accepted, nothing was told yet
    status                  varchar(20),
    version                 integer      not null,
    terminal                varchar(100),
    device                  varchar(200),
    provider                varchar(50),
    payment_id              varchar(26),
    provider_transaction_id varchar(200),
    error                   varchar,
    route_id                varchar(100),
    route_fingerprint       varchar(100),
    received_at             timestamp(6) with time zone not null,
    expires_at              timestamp(6) with time zone not null,
    wait_until              timestamp(6) with time zone not null,
    -- when the sweep wakes it up; null once nothing is to be woken
    next_nudge_at           timestamp(6) with time zone,
    constraint command_key unique (sender, command_id)
);
create index command_waiting on command (device, status);
create index command_nudge on command (next_nudge_at);
create index command_payment on command (payment_id);

create table payment (
    id                      varchar(26)  primary key,
    created_by              varchar(26)  not null references command (row_id),
    status                  varchar(20)  not null,
    version                 integer      not null,
    provider                varchar(50)  not null,
    terminal                varchar(100) not null,
    device                  varchar(200) not null,
    own_reference           varchar(50)  not null,
    provider_transaction_id varchar(200),
    currency                varchar(3)   not null,
    requested               bigint       not null,
    tip                     bigint       not null,
    authorised              bigint       not null,
    paid                    bigint       not null,
    captured                bigint       not null,
    refunded                bigint       not null,
    reference               varchar(64),
    test                    boolean      not null,
    payment_url             varchar,
    card                    varchar,
    receipts                varchar,
    labels                  varchar      not null,
    provider_created_at     timestamp(6) with time zone,
    provider_created_raw    varchar(100),
    created_at              timestamp(6) with time zone not null,
    marked_at               timestamp(6) with time zone,
    -- when the provider is asked next; null when nobody needs to ask
    next_look_at            timestamp(6) with time zone,
    looks                   integer      not null,
    constraint payment_own_reference unique (own_reference),
    constraint payment_created_by unique (created_by),
    constraint payment_provider_transaction unique (device, provider_transaction_id)
);
create index payment_look on payment (next_look_at);

create table attempt (
    id          varchar(26)  primary key,
    command_row varchar(26)  not null references command (row_id),
    payment_id  varchar(26)  references payment (id),
    operation   varchar(50)  not null,
    -- the command, as long as it is not proven that nothing was started: the database allows one
    open_key    varchar(26),
    marked_at   timestamp(6) with time zone not null,
    outcome     varchar(20),
    outcome_at  timestamp(6) with time zone,
    evidence    varchar,
    constraint attempt_open unique (open_key)
);
create index attempt_command on attempt (command_row);

create table lane (
    device      varchar(200) primary key,
    -- the command that holds the physical device; null when it is free
    command_row varchar(26),
    taken_at    timestamp(6) with time zone
);

create table reply_target (
    id             varchar(26)  primary key,
    command_row    varchar(26)  not null references command (row_id),
    address        varchar(300) not null,
    correlation_id varchar(300) not null,
    final_only     boolean      not null,
    constraint reply_target_once unique (command_row, address, correlation_id)
);

create table result (
    id          varchar(26) primary key,
    command_row varchar(26) not null references command (row_id),
    version     integer     not null,
    status      varchar(20) not null,
    body        varchar     not null,
    created_at  timestamp(6) with time zone not null,
    constraint result_version unique (command_row, version)
);

create table delivery (
    id             varchar(26)  primary key,
    result_id      varchar(26)  not null references result (id),
    command_row    varchar(26)  not null,
    -- null: the events address, without a correlation id
    address        varchar(300),
    correlation_id varchar(300),
    created_at     timestamp(6) with time zone not null,
    -- when the sweep publishes it; null once it is published
    due_at         timestamp(6) with time zone,
    published_at   timestamp(6) with time zone,
    undeliverable  boolean      not null
);
create index delivery_due on delivery (due_at);
create index delivery_command on delivery (command_row);

create table history (
    id          varchar(26) primary key,
    payment_id  varchar(26),
    command_row varchar(26),
    at          timestamp(6) with time zone not null,
    kind        varchar(30) not null,
    text        varchar     not null,
    detail      varchar
);
create index history_payment on history (payment_id);
create index history_command on history (command_row);

create table work_item (
    id          varchar(26) primary key,
    payment_id  varchar(26),
    command_row varchar(26),
    reason      varchar(30) not null,
    -- payment and reason as long as it is open: the database allows one
    open_key    varchar(60),
    text        varchar     not null,
    opened_at   timestamp(6) with time zone not null,
    closed_at   timestamp(6) with time zone,
    closed_by   varchar(100),
    close_why   varchar,
    constraint work_item_open unique (open_key)
);

create table provider_state (
    provider varchar(50) primary key,
    paused   boolean     not null
);
