-- When a webhook last asked for a look. Equal to next_look_at as long as nobody has taken that look.
alter table payment add column hinted_at timestamp(6) with time zone;

-- Transactions that an unsigned webhook named for a payment whose own is not known: nothing but questions to the provider.
create table transaction_candidate (
    payment_id              varchar(26)  not null references payment (id),
    provider_transaction_id varchar(200) not null,
    seen_at                 timestamp(6) with time zone not null,
    -- when the provider was last asked about it; null before
    asked_at                timestamp(6) with time zone,
    -- when the provider said that it is something else
    refuted_at              timestamp(6) with time zone,
    primary key (payment_id, provider_transaction_id)
);
