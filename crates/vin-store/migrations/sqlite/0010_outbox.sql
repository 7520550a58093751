-- Sending what is raised: where to, what waits to be sent, and what of channels operators are told.

-- Where an account is told. An address was confirmed by a link before it stands here.
create table contacts (
    account_id   integer not null primary key references accounts (id),
    mail         text    not null, -- '' for none
    hook_url     text    not null, -- '' for none
    hook_sealed  blob    not null, -- what webhooks are signed with, encrypted; empty for none
    changed_at   integer not null
) strict;

-- Where a customer wants other ways than all that there are.
create table alert_ways (
    account_id integer not null references accounts (id),
    kind       text    not null check (kind in ('balance', 'expiry', 'errors')),
    mail       integer not null check (mail in (0, 1)),
    webhook    integer not null check (webhook in (0, 1)),
    primary key (account_id, kind)
) strict, without rowid;

-- A message for one recipient by one way, until long after it was sent: this is the log, too.
create table outbox (
    id            integer not null primary key autoincrement,
    account_id    integer not null, -- 0: the operators
    cause         text    not null, -- what it is about: 'alert 17'
    kind          text    not null, -- what happened, as receivers of webhooks read it
    way           text    not null check (way in ('mail', 'webhook')),
    recipient     text    not null, -- an address of mail, or a URL
    payload       text    not null, -- JSON
    created_at    integer not null,
    state         text    not null default 'waiting' check (state in ('waiting', 'sent', 'failed')),
    tries         integer not null default 0,
    next_at       integer not null,
    claimed_by    integer not null default 0, -- the instance that sends it, 0 for none
    claimed_until integer not null default 0,
    ended_at      integer not null default 0, -- when it was sent, or given up
    error         text    not null default ''
) strict;
-- Of one cause each recipient is told once by each way.
create unique index outbox_once on outbox (cause, way, recipient);
create index outbox_waiting on outbox (next_at) where state = 'waiting';
create index outbox_by_account on outbox (account_id, id);
create index outbox_by_time on outbox (created_at);

-- How each node finds each channel.
create table channel_health (
    instance_id integer not null,
    name        text    not null,
    down_since  integer not null, -- 0: it works
    seen_at     integer not null,
    primary key (instance_id, name)
) strict, without rowid;

-- What operators are told of channels.
create table channel_alerts (
    id        integer not null primary key autoincrement,
    name      text    not null,
    reason    text    not null check (reason in ('down', 'draining')),
    since     integer not null,
    raised_at integer not null,
    ended_at  integer not null default 0 -- 0: its cause is still there
) strict;
create unique index channel_alerts_open on channel_alerts (name) where ended_at = 0;

-- Links may confirm an address of mail, too.
create table links_too (
    lookup     blob    not null primary key check (length(lookup) = 32),
    purpose    text    not null check (purpose in ('owner', 'operator', 'reset', 'share', 'mail')),
    holder     integer not null, -- the account or operator that it is for, 0 for none yet
    detail     text    not null,
    created_at integer not null,
    expires_at integer not null
) strict, without rowid;
insert into links_too (lookup, purpose, holder, detail, created_at, expires_at)
    select lookup, purpose, holder, detail, created_at, expires_at from links;
drop table links;
alter table links_too rename to links;
