-- PostgreSQL with the program: COPY runs it on the server's machine, as the server's user; whoever asks
-- needs the role pg_execute_server_program.
--
--     psql -v chejia=/usr/local/bin/chejia -v cars=/data/cars.csv -v vins=/data/vins.txt -f postgres.sql

-- A file, decoded on its way into a table.
create table decoded (
    no text,
    vin text,
    status text,
    decoded_vin text,
    brand text,
    typename text,
    model_year integer
);
\set command :chejia ' batch ' :cars ' --columns status,vin,brand,typename,match.year --as-of 2026-11-24'
copy decoded from program :'command' with (format csv, header);

-- The VINs of a table: out to the program's input, and back.
\set command 'cat > ' :vins
copy (select vin from decoded where status = 'found') to program :'command';
create table brands (vin text, brand text);
\set command :chejia ' batch ' :vins ' --columns brand --as-of 2026-11-24'
copy brands from program :'command' with (format csv, header);
