-- What a command holds that nobody is to be shown: its body has stars there. Gone once the command is over.
alter table command add column kept_back varchar;

-- What at most one payment may use, such as an authorisation that was made elsewhere; a payment that was not made has not used it.
create table single_use (
    -- the provider and a hash of what may be used once: the thing itself is nobody's to read
    use_key    varchar(120) primary key,
    payment_id varchar(26)  not null
);

-- Some providers know a call by a number of ours, counted per device: the last one that was marked, and the one of each call.
alter table lane add column last_number bigint;
alter table attempt add column call_number bigint;
