-- Some providers know a payment by two names, and take only the other one for a refund without its card.
alter table payment add column other_name varchar(100);
-- Refunds without a card add up: whether a lost one was carried out shows in the amount given back after it.
alter table payment add column given_back_before bigint;
