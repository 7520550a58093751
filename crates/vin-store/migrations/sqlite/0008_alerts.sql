-- What customers are told of their accounts: from when on, and what was found.

-- Where a customer wants another level than the usual one; 0 is never.
create table alert_rules (
    account_id integer not null references accounts (id),
    kind       text    not null check (kind in ('balance', 'expiry', 'errors')),
    level      integer not null check (level >= 0),
    primary key (account_id, kind)
) strict, without rowid;

create table alerts (
    id         integer not null primary key autoincrement,
    account_id integer not null references accounts (id),
    kind       text    not null check (kind in ('balance', 'expiry', 'errors')),
    subject    integer not null, -- the package that ends, 0 where it is the account
    amount     integer not null, -- calls that are left, or that ended in errors
    beside     integer not null, -- when the package ends, or all calls of the hour, else 0
    level      integer not null, -- of the rule when it was raised
    raised_at  integer not null,
    seen_at    integer not null default 0, -- 0: not yet
    ended_at   integer not null default 0  -- 0: its cause is still there
) strict;
create index alerts_by_account on alerts (account_id, id);
-- Of one cause there is one open alert at most, however many nodes look.
create unique index alerts_open on alerts (account_id, kind, subject) where ended_at = 0;

-- What one node does for all: when one last began it.
create table turns (
    name text    not null primary key,
    at   integer not null
) strict, without rowid;
insert into turns (name, at) values ('alerts', 0);

-- Who was active lately, and which packages end soon.
create index usage_hours_by_hour on usage_hours (hour, account_id);
create index lots_by_end on lots (expires_at);
