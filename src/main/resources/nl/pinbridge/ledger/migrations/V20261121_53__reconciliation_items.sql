-- Exceptions with both sides of their row and all that became of them; feeds whose rows are no longer kept.

-- the row of the feed that showed it last
alter table reconciliation_item add column body varchar;

-- Append-only: when it was found, when it changed, who or what closed it.
create table reconciliation_item_event (
    id         varchar(26)  primary key,
    item_id    varchar(26)  not null references reconciliation_item (id),
    at         timestamp(6) with time zone not null,
    kind       varchar(20)  not null,
    -- of the day's feed; null for a person's decision
    version    integer,
    currency   varchar(10)  not null,
    difference bigint       not null,
    by_name    varchar(100) not null,
    text       varchar      not null
);
create index reconciliation_item_event_item on reconciliation_item_event (item_id, id);

-- when its rows were forgotten; header and trailer stay
alter table reconciliation_feed add column pruned_at timestamp(6) with time zone;

-- A day's payments are read in this order, part by part, none of them twice.
drop index payment_created;
create index payment_day on payment (provider, created_at, id);

create index reconciliation_row_transaction on reconciliation_row (run_id, transaction_id);
