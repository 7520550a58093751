-- Packages, the ledger, what nodes hold to spend, the log of calls and its sums.

-- What a key may do. 0 and '' mean that nothing is limited.
alter table keys add column rate_calls   integer not null default 0 check (rate_calls >= 0);
alter table keys add column rate_seconds integer not null default 0 check (rate_seconds >= 0);
alter table keys add column daily_cap    integer not null default 0 check (daily_cap >= 0);
alter table keys add column addresses    text    not null default ''; -- CIDRs, separated by blanks
alter table keys add column referers     text    not null default ''; -- hosts, separated by blanks
alter table keys add column expires_at   integer not null default 253402300799; -- 9999-12-31

-- When a key was last used, apart from keys, so that using one does not count as a change of it.
create table key_uses (
    key_id  integer not null primary key references keys (id),
    used_at integer not null
) strict;

-- What can be bought. Price and validity are the operator's to set; a price of 0 is none yet.
create table products (
    calls     integer not null primary key check (calls > 0),
    price_fen integer not null default 0 check (price_fen >= 0),
    days      integer not null default 0 check (days >= 0) -- 0: for ever
) strict;
insert into products (calls) values (100), (500), (1000), (5000), (10000), (50000), (100000);

-- A package of an account. `remain` is what is neither spent nor held by a node.
create table lots (
    id         integer not null primary key autoincrement,
    account_id integer not null references accounts (id),
    total      integer not null check (total > 0),
    remain     integer not null check (remain >= 0),
    expires_at integer not null, -- 9999-12-31 for never
    created_at integer not null
) strict;
create index lots_by_account on lots (account_id, expires_at, id);

-- Whether an account ever held a package decides what a key may do.
create trigger lots_inserted after insert on lots begin
    update key_revision set value = value + 1;
end;

-- The ledger. What is left of a lot is the sum of its entries less the charges in the log of
-- calls; charges of months that were dropped from the log stand here as one entry per lot.
create table entries (
    id       integer not null primary key autoincrement,
    at       integer not null,
    lot_id   integer not null references lots (id),
    kind     text    not null check (kind in ('grant', 'charge', 'refund', 'expire', 'adjust')),
    delta    integer not null check (case kind
        when 'grant' then delta > 0
        when 'refund' then delta > 0
        when 'adjust' then delta <> 0
        else delta < 0 end),
    order_no integer not null default 0, -- of a refund
    reason   text    not null,
    actor    text    not null
) strict;
create index entries_by_lot on entries (lot_id, id);
create unique index refunds_once on entries (order_no) where kind = 'refund';
create trigger entries_stay before update on entries begin
    select raise(abort, 'entries are only ever added');
end;
create trigger entries_remain before delete on entries begin
    select raise(abort, 'entries are only ever added');
end;

-- A running process that spends. It counts `beat` up; one that stands still is taken for dead.
-- `batch` numbers what it has written, so that a commit of unknown outcome can be told.
create table instances (
    id         integer not null primary key autoincrement,
    node       integer not null,
    started_at integer not null,
    beat       integer not null,
    batch      integer not null
) strict;

-- What an instance holds to spend without asking again. Only that instance spends it.
create table leases (
    instance_id integer not null references instances (id),
    lot_id      integer not null references lots (id),
    account_id  integer not null references accounts (id),
    remain      integer not null check (remain >= 0),
    recalled    integer not null default 0 check (recalled in (0, 1)), -- wanted elsewhere
    primary key (instance_id, lot_id)
) strict, without rowid;
create index leases_by_account on leases (account_id);

-- The months of the log of calls; each has a table of its own, calls_YYYYMM.
create table call_months (
    month integer not null primary key -- YYYYMM of the order number
) strict;

-- Sums of the log, which answer every question about usage without reading it.
create table usage_hours (
    account_id integer not null,
    hour       integer not null, -- seconds since 1970-01-01 UTC at its start
    key_id     integer not null,
    code       integer not null,
    channel    text    not null,
    calls      integer not null,
    charged    integer not null,
    primary key (account_id, hour, key_id, code, channel)
) strict, without rowid;
create table usage_days (
    account_id integer not null,
    day        integer not null, -- YYYYMMDD in China
    key_id     integer not null,
    code       integer not null,
    channel    text    not null,
    calls      integer not null,
    charged    integer not null,
    primary key (account_id, day, key_id, code, channel)
) strict, without rowid;

-- The answers to requests that carry the client's own number, so that repeating one costs nothing.
create table reqids (
    account_id integer not null references accounts (id),
    reqid      text    not null,
    request    blob    not null check (length(request) = 32), -- SHA-256 of what was asked
    order_no   integer not null,
    at         integer not null,
    answer     blob    not null,
    primary key (account_id, reqid)
) strict, without rowid;
create index reqids_by_age on reqids (at);
