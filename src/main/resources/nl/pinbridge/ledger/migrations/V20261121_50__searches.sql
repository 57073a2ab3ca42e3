-- A transaction may also have been found by a search of the provider's own reads: who named it decides what proves it.
alter table transaction_candidate add column source varchar(16) default 'WEBHOOK' not null;
