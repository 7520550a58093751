-- Passkeys: public keys of devices, which sign in alone or after the password.

create table passkeys (
    id         integer not null primary key,
    kind       text    not null check (kind in ('account', 'operator')),
    holder     integer not null,
    name       text    not null,
    credential blob    not null unique, -- what the device calls it
    public_key blob    not null, -- SubjectPublicKeyInfo, DER
    counter    integer not null, -- as the device said last; 0 where it does not count
    created_at integer not null,
    used_at    integer not null -- 0: never
) strict;
create index passkeys_by_holder on passkeys (kind, holder, id);
