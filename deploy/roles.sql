-- The user of the database for pages and worker, for psql: made where it is not there yet, its password
-- taken from PAGES_PASSWORD each time. What it may do stands in grants.sql.

\getenv password PAGES_PASSWORD
select 'create role roundtable_pages login'
  where not exists (select from pg_roles where rolname = 'roundtable_pages') \gexec
alter role roundtable_pages password :'password';
