-- What operators decided: who, when and why. Append-only.
create table operator_action (
    id        varchar(26)  primary key,
    at        timestamp(6) with time zone not null,
    action    varchar(30)  not null,
    subject   varchar(300) not null,
    -- the user that was logged in at the broker, and the name that was given
    user_name varchar(100) not null,
    by_name   varchar(100) not null,
    why       varchar      not null,
    -- JSON; of a discarded message the whole message
    detail    varchar
);

-- Results of a period are sent again, and figures count what is open, without reading whole tables.
create index result_created on result (created_at);
create index payment_status on payment (status);

-- That this ledger was found to be older than what had been sent: what came in before is not started by the machine.
create table restoration (
    id          varchar(26) primary key,
    found_at    timestamp(6) with time zone not null,
    -- the newest line of the ledger as it was found
    known_until timestamp(6) with time zone,
    -- a mark that was made and is not in the ledger
    missing     varchar(26) not null,
    constraint restoration_once unique (missing)
);
