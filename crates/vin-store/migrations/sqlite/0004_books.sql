-- Books that are only added to: what changed of channels, and what upstreams' bills say.

-- Every change of a channel; the row of a version is never changed.
create table channel_changes (
    name       text    not null,
    version    integer not null, -- how often the channel had been changed by then
    state      text    not null,
    tier       integer not null,
    weight     integer not null,
    changed_at integer not null, -- seconds since 1970-01-01 UTC
    reason     text    not null,
    actor      text    not null,
    primary key (name, version)
) strict, without rowid;
insert into channel_changes (name, version, state, tier, weight, changed_at, reason, actor)
    select name, version, state, tier, weight, changed_at, reason, actor from channels;

-- What the upstream's bill says of an attempt whose cost was not known. A correction is one more row.
create table settlements (
    order_no integer not null,
    place    integer not null, -- of the attempt in the order's route
    number   integer not null check (number > 0), -- the highest one holds
    month    integer not null, -- YYYYMM of the order number
    verdict  text    not null check (verdict in ('billed', 'free')),
    at       integer not null, -- seconds since 1970-01-01 UTC
    reason   text    not null,
    actor    text    not null,
    primary key (order_no, place, number)
) strict, without rowid;

create trigger channel_changes_stay before update on channel_changes begin
    select raise(abort, 'channel_changes is only ever added to');
end;
create trigger channel_changes_remain before delete on channel_changes begin
    select raise(abort, 'channel_changes is only ever added to');
end;
-- Those of a month go with its attempts.
create trigger settlements_stay before update on settlements begin
    select raise(abort, 'settlements is only ever added to');
end;
