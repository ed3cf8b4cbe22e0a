-- A user of the database for pages and worker that owns nothing: it reads and writes rows, and changes
-- no table. What stands in the chain of proof it can only add to.
--
-- Run it as the owner of the tables after the first migration, and roles.sql before it. Tables of later
-- versions need no other run; another one does no harm.

grant usage on schema public to roundtable_pages;
grant select, insert, update, delete on all tables in schema public to roundtable_pages;
grant usage, select on all sequences in schema public to roundtable_pages;
alter default privileges in schema public
  grant select, insert, update, delete on tables to roundtable_pages;
alter default privileges in schema public
  grant usage, select on sequences to roundtable_pages;

revoke update, delete on audit_entry from roundtable_pages;
revoke insert, update, delete on alembic_version from roundtable_pages;
