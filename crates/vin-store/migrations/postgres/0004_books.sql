-- Books that are only added to: what changed of channels, and what upstreams' bills say. See the text for
-- SQLite.

-- Every change of a channel; the row of a version is never changed.
create table channel_changes (
    name       text   not null,
    version    bigint not null, -- how often the channel had been changed by then
    state      text   not null,
    tier       bigint not null,
    weight     bigint not null,
    changed_at bigint not null, -- seconds since 1970-01-01 UTC
    reason     text   not null,
    actor      text   not null,
    primary key (name, version)
);
insert into channel_changes (name, version, state, tier, weight, changed_at, reason, actor)
    select name, version, state, tier, weight, changed_at, reason, actor from channels;

-- What the upstream's bill says of an attempt whose cost was not known. A correction is one more row.
create table settlements (
    order_no bigint not null,
    place    bigint not null, -- of the attempt in the order's route
    number   bigint not null check (number > 0), -- the highest one holds
    month    bigint not null, -- YYYYMM of the order number
    verdict  text   not null check (verdict in ('billed', 'free')),
    at       bigint not null, -- seconds since 1970-01-01 UTC
    reason   text   not null,
    actor    text   not null,
    primary key (order_no, place, number)
);

create function refuse_to_change() returns trigger language plpgsql as $$
begin
    raise exception '% is only ever added to', tg_table_name;
end
$$;
create trigger channel_changes_stay before update or delete or truncate on channel_changes
    for each statement execute function refuse_to_change();
-- Those of a month go with its attempts.
create trigger settlements_stay before update on settlements
    for each statement execute function refuse_to_change();
