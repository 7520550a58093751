-- Invoices for what was bought, and reports over the time in which money came and went.

create table invoices (
    id           integer not null primary key,
    account_id   integer not null references accounts (id),
    state        text    not null check (state in ('requested', 'issued', 'rejected', 'withdrawn')),
    kind         text    not null check (kind in ('person', 'company')),
    title        text    not null, -- whom it names
    tax_number   text    not null, -- of a company, '' for a person
    mail         text    not null, -- where it is sent
    fen          integer not null check (fen > 0),
    number       text    not null default '', -- that of the tax office's paper, once it is issued
    reason       text    not null default '', -- why it was rejected
    requested_at integer not null,
    decided_at   integer not null default 0,
    actor        text    not null default '' -- who issued or rejected it
) strict;
create index invoices_by_account on invoices (account_id, id);
create index invoices_by_state on invoices (state, id);

-- What an invoice is about. A purchase is on one at most; one that comes to nothing lets go of it.
create table invoice_purchases (
    invoice_id  integer not null references invoices (id),
    purchase_id integer not null references purchases (id),
    holds       integer not null check (holds in (0, 1)),
    primary key (invoice_id, purchase_id)
) strict, without rowid;
create unique index invoice_purchases_held on invoice_purchases (purchase_id) where holds = 1;

create index payments_by_time on payments (paid_at, id);
create index refunds_by_time on refunds (wanted_at);
