-- Channels: what is bought beside calls, what the operator wants of each channel, what every
-- attempt did and cost, and what was learned from answers. See the text for SQLite.

-- How far questions that a package pays for are taken; '' where the interface decides.
alter table products add column policy text not null default ''
    check (policy in ('', 'local_only', 'first_hit', 'fusion'));
-- The product that a package is one of, by its calls, 0 for none; its price and policy as of then.
alter table lots add column product   bigint not null default 0 check (product >= 0);
alter table lots add column price_fen bigint not null default 0 check (price_fen >= 0);
alter table lots add column policy    text    not null default ''
    check (policy in ('', 'local_only', 'first_hit', 'fusion'));

-- What nodes look at to learn whether something has changed.
create table revisions (
    name  text    not null primary key,
    value bigint not null
);
insert into revisions (name, value) values ('channels', 1), ('learned', 1);

-- What the operator wants of a channel. One without a row is enabled, in tier 1, with weight 100.
create table channels (
    name       text    not null primary key,
    state      text    not null check (state in ('enabled', 'draining', 'disabled')),
    tier       bigint not null check (tier between 0 and 99),
    weight     bigint not null check (weight between 0 and 10000),
    version    bigint not null, -- how often it was changed
    changed_at bigint not null,
    reason     text    not null,
    actor      text    not null
);
create function count_channel_revision() returns trigger language plpgsql as $$
begin
    update revisions set value = value + 1 where name = 'channels';
    return null;
end
$$;
create trigger channels_changed after insert or update or delete on channels
    for each statement execute function count_channel_revision();

-- Who was asked for an order, in which turn, and what that cost. Kept as long as the log of calls.
create table attempts (
    month    bigint not null, -- YYYYMM of the order number
    order_no bigint not null,
    place    bigint not null, -- in the order's route, from 1
    at       bigint not null, -- when the order was answered, seconds since 1970-01-01 UTC
    lot_id   bigint not null, -- the package whose call was set aside, 0: a test
    channel  text    not null,
    kind     text    not null, -- turn, repeat, hedge, test, passed
    began_ms bigint not null, -- after the order's route began
    took_ms  bigint not null,
    outcome  text    not null, -- hit, no_record, abandoned, a fault, or why it was passed over
    billed   text    not null check (billed in ('no', 'yes', 'unknown')),
    cost     bigint not null check (cost >= 0), -- 1/10000 yuan; where billed is unknown, the most
    detail   text    not null, -- the upstream's number of it, or what went wrong
    settled     text    not null default '' check (settled in ('', 'billed', 'free')),
    settled_at  bigint not null default 0,
    settled_why text    not null default '',
    settled_by  text    not null default '',
    primary key (month, order_no, place)
);
create index attempts_unknown on attempts (month, order_no, place)
    where billed = 'unknown' and settled = '';

-- What the answers of a channel have taught about cars of one build: positions 1-8, 10 and 11.
create table learned (
    channel text    not null,
    prefix  text    not null check (length(prefix) = 10),
    lang    text    not null check (lang in ('zh', 'en')),
    state   text    not null check (state in ('gathering', 'in_force', 'withdrawn')),
    answers bigint not null, -- of different VINs
    last_at bigint not null,
    fields  text    not null, -- what all answers agree on
    primary key (channel, prefix, lang)
);
-- The rest of the VINs that a rule rests on, so that none counts twice.
create table learned_vins (
    channel text not null,
    prefix  text not null,
    lang    text not null,
    rest    text not null,
    primary key (channel, prefix, lang, rest)
);
