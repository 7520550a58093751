-- Buying calls: purchases and what was paid for them, coupons, codes, the free trial.

-- Whether who buys it must have a verified name.
alter table products add column named integer not null default 1 check (named in (0, 1));

-- Where a package is from, and which of these: a purchase, a code, the account of a trial.
alter table lots add column origin text not null default 'grant'
    check (origin in ('grant', 'purchase', 'code', 'trial'));
alter table lots add column origin_id integer not null default 0;
alter table lots add column named integer not null default 1 check (named in (0, 1));
-- Whatever happens, one thing is granted once.
create unique index lots_of_origin on lots (origin, origin_id) where origin <> 'grant';

create table coupons (
    id         integer not null primary key,
    code       text    not null unique,
    kind       text    not null check (kind in ('percent', 'fen')),
    off        integer not null check (off > 0), -- hundredths, or hundredths of a yuan
    least_fen  integer not null check (least_fen >= 0), -- of the price that it is for
    uses       integer not null check (uses > 0),
    used       integer not null default 0 check (used between 0 and uses),
    ends_at    integer not null,
    created_at integer not null,
    actor      text    not null,
    check (kind = 'fen' or off < 100)
) strict;

-- The terms are those of the product when it was ordered.
create table purchases (
    id         integer not null primary key,
    number     text    not null unique, -- what payers and providers know it by
    account_id integer not null references accounts (id),
    state      text    not null
        check (state in ('created', 'paid', 'granted', 'cancelled', 'refunded', 'expired')),
    way        text    not null check (way in ('transfer', 'alipay_page', 'alipay_qr', 'wechat_qr')),
    calls      integer not null check (calls > 0),
    days       integer not null check (days >= 0),
    policy     text    not null,
    named      integer not null check (named in (0, 1)),
    list_fen   integer not null check (list_fen > 0),
    price_fen  integer not null check (price_fen between 1 and list_fen), -- what is to be paid
    coupon_id  integer not null default 0, -- 0: none
    pay_url    text    not null default '', -- what the provider gave to pay by
    created_at integer not null,
    expires_at integer not null
) strict;
create index purchases_by_account on purchases (account_id, id);
create index purchases_open on purchases (expires_at) where state = 'created';

-- One use of a coupon by an account; a purchase that comes to nothing gives it back.
create table coupon_uses (
    coupon_id   integer not null references coupons (id),
    account_id  integer not null references accounts (id),
    purchase_id integer not null references purchases (id),
    primary key (coupon_id, account_id)
) strict, without rowid;

-- Every state that a purchase came into.
create table purchase_changes (
    purchase_id integer not null references purchases (id),
    place       integer not null,
    state       text    not null,
    at          integer not null, -- seconds since 1970-01-01 UTC
    reason      text    not null,
    actor       text    not null,
    primary key (purchase_id, place)
) strict, without rowid;
create trigger purchase_changes_stay before update on purchase_changes begin
    select raise(abort, 'purchase_changes is only ever added to');
end;
create trigger purchase_changes_remain before delete on purchase_changes begin
    select raise(abort, 'purchase_changes is only ever added to');
end;

-- Money that came in, each once, however often it is told.
create table payments (
    id          integer not null primary key,
    provider    text    not null check (provider in ('transfer', 'alipay', 'wechat')),
    trade       text    not null, -- the provider's number of it
    purchase_id integer not null references purchases (id),
    fen         integer not null check (fen > 0),
    surplus     integer not null check (surplus in (0, 1)), -- the purchase had been paid
    paid_at     integer not null,
    noted_at    integer not null,
    actor       text    not null,
    unique (provider, trade)
) strict;
create index payments_by_purchase on payments (purchase_id, id);
create trigger payments_stay before update on payments begin
    select raise(abort, 'payments is only ever added to');
end;
create trigger payments_remain before delete on payments begin
    select raise(abort, 'payments is only ever added to');
end;

-- Money that goes back, at most once for each payment. It is wanted until the provider has sent it.
create table refunds (
    payment_id integer not null primary key references payments (id),
    number     text    not null unique, -- what the provider knows it by
    fen        integer not null check (fen > 0),
    calls      integer not null check (calls >= 0), -- that were taken back
    state      text    not null check (state in ('wanted', 'done')),
    wanted_at  integer not null,
    done_at    integer not null default 0,
    reason     text    not null,
    actor      text    not null
) strict;

create table code_batches (
    id         integer not null primary key,
    name       text    not null,
    calls      integer not null check (calls > 0),
    days       integer not null check (days >= 0),
    count      integer not null check (count > 0),
    state      text    not null check (state in ('open', 'withdrawn')),
    ends_at    integer not null, -- until when they can be redeemed
    created_at integer not null,
    actor      text    not null
) strict;
-- Codes are found by their keyed hash; what they are is shown once, when they are made.
create table codes (
    id         integer not null primary key,
    lookup     blob    not null unique check (length(lookup) = 32),
    batch_id   integer not null references code_batches (id),
    account_id integer not null default 0, -- who redeemed it, 0: nobody yet
    used_at    integer not null default 0
) strict;
create index codes_by_batch on codes (batch_id, id);
