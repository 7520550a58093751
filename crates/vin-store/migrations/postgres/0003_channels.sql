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

-- The months of which attempts are kept; each has a table of its own, attempts_YYYYMM: who was asked
-- for an order, in which turn, and what that cost. Kept as long as the log of calls.
create table attempt_months (
    month bigint not null primary key -- YYYYMM of the order number
);

-- What the answers of a channel have taught about cars of one build: positions 1-8, 10 and 11.
create table learned (
    channel  text    not null,
    prefix   text    not null check (length(prefix) = 10),
    lang     text    not null check (lang in ('zh', 'en')),
    state    text    not null check (state in ('gathering', 'in_force', 'withdrawn')),
    answers  bigint not null, -- of different VINs
    first_at bigint not null, -- the first of these answers, seconds since 1970-01-01 UTC
    last_at  bigint not null,
    fields   text    not null, -- what all answers agree on
    why      text    not null default '', -- why it was withdrawn
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
