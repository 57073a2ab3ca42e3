-- Refunds are money that moves back: rows beside the payments, with a transaction of their own at the provider.
alter table payment add column kind varchar(10) default 'PAYMENT' not null;
alter table payment add column refund_of varchar(26) references payment (id);
create index payment_refund_of on payment (refund_of);

-- What a command names as its payment, as it was written: a cancel may come before what it cancels.
alter table command add column target varchar(100);
create index command_target on command (target);

-- A cancel whose answer was lost may still arrive: until then nobody new may start on the device.
alter table lane add column blocked_until timestamp(6) with time zone;
create index attempt_payment on attempt (payment_id);
