-- The console: who runs the installation, who is signed in, what operators did, what is said to customers.

-- The key of a web page belongs to the account like any other, but nobody ever sees it.
alter table keys add column purpose text not null default 'api' check (purpose in ('api', 'console'));
create unique index keys_of_console on keys (account_id) where purpose = 'console' and state = 'active';

-- Those who run the installation. What each may do follows from the role.
create table operators (
    id            integer not null primary key,
    name          text    not null unique,
    password_hash text    not null,
    role          text    not null check (role in ('owner', 'finance', 'support', 'reader')),
    state         text    not null default 'active' check (state in ('active', 'suspended')),
    created_at    integer not null
) strict;

-- Who is signed in. The holder is an account or an operator; the cookie is found by its keyed hash.
create table sessions (
    lookup       blob    not null primary key check (length(lookup) = 32),
    kind         text    not null check (kind in ('account', 'operator')),
    holder       integer not null,
    created_at   integer not null,
    seen_at      integer not null,
    expires_at   integer not null,
    confirmed_at integer not null, -- when the password was last asked for
    address      text    not null,
    agent        text    not null
) strict, without rowid;
create index sessions_by_holder on sessions (kind, holder);

-- Every attempt to sign in. `who` is the keyed hash of the name that was typed, so that guesses at
-- unknown names count too and tell nothing.
create table sign_ins (
    id      integer not null primary key,
    kind    text    not null check (kind in ('account', 'operator')),
    who     blob    not null check (length(who) = 32),
    holder  integer not null, -- 0: nobody has this name
    at      integer not null,
    outcome text    not null check (outcome in ('in', 'password', 'factor', 'barred', 'suspended')),
    address text    not null,
    agent   text    not null
) strict;
create index sign_ins_by_who on sign_ins (kind, who, at);
create index sign_ins_by_holder on sign_ins (kind, holder, id);
create index sign_ins_by_address on sign_ins (address, at);

-- What is asked for beside the password: one-time passwords, recovery codes.
create table factors (
    id         integer not null primary key,
    kind       text    not null check (kind in ('account', 'operator')),
    holder     integer not null,
    method     text    not null check (method in ('totp', 'recovery')),
    sealed     blob    not null, -- the secret, encrypted, or the keyed hash of a code
    step       integer not null, -- the last time step or counter that was taken; it only grows
    created_at integer not null,
    used_at    integer not null -- 0: never
) strict;
create index factors_by_holder on factors (kind, holder);

-- Links that work once, found by the keyed hash of what they carry.
create table links (
    lookup     blob    not null primary key check (length(lookup) = 32),
    purpose    text    not null check (purpose in ('owner', 'operator', 'reset', 'share')),
    holder     integer not null, -- the account or operator that it is for, 0 for none yet
    detail     text    not null,
    created_at integer not null,
    expires_at integer not null
) strict, without rowid;

-- What operators did. Rows are only ever added.
create table audit (
    id      integer not null primary key,
    at      integer not null,
    actor   text    not null,
    action  text    not null,
    subject text    not null,
    detail  text    not null,
    address text    not null
) strict;
create trigger audit_stays before update on audit begin
    select raise(abort, 'audit is only ever added to');
end;
create trigger audit_remains before delete on audit begin
    select raise(abort, 'audit is only ever added to');
end;

-- What the operator writes for all to read: texts of the portal, contacts, terms.
create table site (
    name       text    not null primary key,
    value      text    not null,
    changed_at integer not null
) strict, without rowid;
insert into revisions (name, value) values ('site', 1);
create trigger site_inserted after insert on site begin
    update revisions set value = value + 1 where name = 'site';
end;
create trigger site_updated after update on site begin
    update revisions set value = value + 1 where name = 'site';
end;
create trigger site_deleted after delete on site begin
    update revisions set value = value + 1 where name = 'site';
end;

create table notices (
    id         integer not null primary key,
    title      text    not null,
    body       text    not null,
    starts_at  integer not null,
    ends_at    integer not null,
    created_at integer not null
) strict;

create table tickets (
    id         integer not null primary key,
    account_id integer not null references accounts (id),
    subject    text    not null,
    state      text    not null check (state in ('open', 'answered', 'closed')),
    created_at integer not null,
    changed_at integer not null
) strict;
create index tickets_by_account on tickets (account_id, id);
create index tickets_by_state on tickets (state, changed_at);
create table ticket_posts (
    id        integer not null primary key,
    ticket_id integer not null references tickets (id),
    at        integer not null,
    author    text    not null, -- '' for the customer, else the operator's name
    body      text    not null
) strict;
create index ticket_posts_by_ticket on ticket_posts (ticket_id, id);
