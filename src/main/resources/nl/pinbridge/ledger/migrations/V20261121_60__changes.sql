-- A capture adds to what was captured before it: whether a lost one was carried out shows in the amount after it.
alter table attempt add column amount_before bigint;
