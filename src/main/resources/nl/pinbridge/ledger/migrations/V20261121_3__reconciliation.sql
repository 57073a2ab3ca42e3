-- Reconciliation: what the provider lists against what the ledger holds, one business day of one provider at a time.

-- The last business day that was planned: days missed while the machine was off are found by it.
create table reconciliation_mark (
    provider   varchar(50) primary key,
    planned_to date        not null,
    planned_at timestamp(6) with time zone not null
);

-- One attempt to make one version of one day's feed; its columns are the checkpoint that a killed run goes on from.
create table reconciliation_run (
    id            varchar(26)  primary key,
    provider      varchar(50)  not null,
    business_day  date         not null,
    -- empty: every terminal; else what names the terminals that were asked for
    scope         varchar(100) not null,
    -- JSON list of aliases; null for every terminal
    wanted        varchar,
    version       integer      not null,
    -- provider, day and scope as long as it is under way: the database allows one
    open_key      varchar(200),
    state         varchar(20)  not null,
    day_from      timestamp(6) with time zone not null,
    day_to        timestamp(6) with time zone not null,
    -- nothing that was created later is read; set once, when the first page is asked for
    as_of         timestamp(6) with time zone,
    -- JSON: the terminals, and why some are not covered
    coverage      varchar,
    pass          integer      not null,
    terminal      integer      not null,
    page          integer      not null,
    page_hash     varchar(64),
    changes       integer      not null,
    pages         integer      not null,
    list_hash     varchar(80),
    attempts      integer      not null,
    not_before    timestamp(6) with time zone not null,
    why           varchar,
    leased_by     varchar(26),
    leased_until  timestamp(6) with time zone,
    created_at    timestamp(6) with time zone not null,
    ended_at      timestamp(6) with time zone,
    constraint reconciliation_run_open unique (open_key)
);
create index reconciliation_run_day on reconciliation_run (provider, business_day);

-- The reconcile commands that wait for a run.
create table reconciliation_request (
    command_row varchar(26) not null references command (row_id),
    run_id      varchar(26) not null references reconciliation_run (id),
    primary key (command_row, run_id)
);
create index reconciliation_request_run on reconciliation_request (run_id);

-- What the provider listed; gone once the run is over.
create table reconciliation_row (
    run_id         varchar(26)  not null,
    device         varchar(200) not null,
    transaction_id varchar(200) not null,
    pass           integer      not null,
    -- what two passes must agree in
    token          varchar(200) not null,
    state          varchar(20)  not null,
    word           varchar(100),
    kind           varchar(10),
    amount         bigint       not null,
    currency       varchar(10),
    own_reference  varchar(200),
    created_at     timestamp(6) with time zone not null,
    created_raw    varchar(100),
    code           varchar(200),
    -- within the business day; the others lie around midnight and only explain
    inside         boolean      not null,
    payment_id     varchar(26),
    matched        varchar(12),
    primary key (run_id, device, transaction_id)
);
create index reconciliation_row_reference on reconciliation_row (run_id, own_reference);
create index reconciliation_row_payment on reconciliation_row (run_id, payment_id);

-- The rows of a feed, as they are published. Those of a published version are never edited.
create table reconciliation_entry (
    run_id        varchar(26)  not null,
    seq           integer      not null,
    item_key      varchar(420) not null,
    terminal      varchar(100),
    exception     varchar(30),
    currency      varchar(10)  not null,
    difference    bigint       not null,
    first_version integer      not null,
    late          boolean      not null,
    body          varchar      not null,
    primary key (run_id, seq)
);
create index reconciliation_entry_key on reconciliation_entry (run_id, item_key);

create table reconciliation_feed (
    provider     varchar(50)  not null,
    business_day date         not null,
    scope        varchar(100) not null,
    version      integer      not null,
    run_id       varchar(26)  not null,
    day_over     boolean      not null,
    rows_hash    varchar(80)  not null,
    covers       varchar      not null,
    header       varchar      not null,
    trailer      varchar      not null,
    created_at   timestamp(6) with time zone not null,
    published_at timestamp(6) with time zone,
    primary key (provider, business_day, scope, version)
);

-- Exceptions, open over the days until they are explained.
create table reconciliation_item (
    id             varchar(26)  primary key,
    provider       varchar(50)  not null,
    business_day   date         not null,
    item_key       varchar(420) not null,
    kind           varchar(30)  not null,
    terminal       varchar(100),
    currency       varchar(10)  not null,
    difference     bigint       not null,
    text           varchar      not null,
    first_version  integer      not null,
    opened_at      timestamp(6) with time zone not null,
    closed_at      timestamp(6) with time zone,
    closed_by      varchar(100),
    close_why      varchar,
    constraint reconciliation_item_once unique (provider, business_day, item_key, kind)
);
create index reconciliation_item_open on reconciliation_item (provider, closed_at);

create index payment_created on payment (provider, created_at);
