-- Real names: what customers hand in to be verified, and what became of it. Whatever tells who somebody
-- is is sealed; erased it is empty, and what remains is that somebody was verified, and when.

create table submissions (
    id         integer not null primary key,
    account_id integer not null references accounts (id),
    kind       text    not null check (kind in ('person', 'company')),
    state      text    not null check (state in ('submitted', 'approved', 'rejected', 'withdrawn')),
    reference  text    not null unique, -- what the data are sealed for
    sealed     blob    not null,
    masked     text    not null, -- what lists show
    created_at integer not null,
    asked_at   integer not null default 0, -- when the channel was asked, once; 0: not
    decided_at integer not null default 0,
    decided_by text    not null default '',
    reason     text    not null default '',
    erased_at  integer not null default 0, -- 0: the data are there
    check (erased_at = 0 or (length(sealed) = 0 and masked = '' and reason = '' and state <> 'submitted'))
) strict;
create index submissions_by_account on submissions (account_id, id);
create index submissions_by_state on submissions (state, id);
-- Whatever is sent at once, one waits.
create unique index submissions_open on submissions (account_id) where state = 'submitted';

create table licence_pictures (
    submission_id integer not null primary key references submissions (id),
    kind          text    not null check (kind in ('png', 'jpeg')),
    sealed        blob    not null
) strict;
