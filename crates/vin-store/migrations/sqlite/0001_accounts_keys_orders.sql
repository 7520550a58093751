-- Accounts, their keys, and the blocks of order numbers.

create table settings (
    name  text not null primary key,
    value text not null
) strict;

create table accounts (
    id            integer not null primary key autoincrement,
    phone         text    not null unique,
    password_hash text    not null,
    verified      integer not null check (verified in (0, 1)),
    state         text    not null default 'active' check (state in ('active', 'suspended')),
    created_at    integer not null -- seconds since 1970-01-01 UTC
) strict;

create table keys (
    id            integer not null primary key autoincrement,
    account_id    integer not null references accounts (id),
    name          text    not null,
    lookup        blob    not null unique check (length(lookup) = 32), -- HMAC of the key
    sealed_key    blob    not null, -- the key itself, encrypted
    sealed_secret blob    not null, -- the signing secret, encrypted
    signature     integer not null check (signature in (0, 1)), -- whether a signature is demanded
    state         text    not null default 'active' check (state in ('active', 'revoked')),
    created_at    integer not null
) strict;

create index keys_by_account on keys (account_id);

-- The first order number of the day that no process has reserved yet.
-- Old days stay: a clock that steps back must find where that day had stopped.
create table order_blocks (
    node integer not null check (node between 0 and 999),
    day  integer not null, -- YYYYMMDD in China
    next integer not null check (next between 0 and 1000000000),
    primary key (node, day)
) strict, without rowid;

-- The revision of everything that decides whether a key may be used. It is counted by triggers,
-- so that no writer, not even a person with a SQL shell, can change a key unnoticed.
create table key_revision (
    one   integer not null primary key check (one = 1),
    value integer not null
) strict;
insert into key_revision (one, value) values (1, 1);

create trigger keys_inserted after insert on keys begin
    update key_revision set value = value + 1;
end;
create trigger keys_updated after update on keys begin
    update key_revision set value = value + 1;
end;
create trigger keys_deleted after delete on keys begin
    update key_revision set value = value + 1;
end;
create trigger accounts_updated after update on accounts begin
    update key_revision set value = value + 1;
end;
create trigger accounts_deleted after delete on accounts begin
    update key_revision set value = value + 1;
end;
