-- Which gateway key sealed an event when it was written: a row that somebody else adds carries no good seal.
-- NULL: from before there were seals.
ALTER TABLE auth.audit_event ADD COLUMN key_id text;
ALTER TABLE auth.audit_event ADD COLUMN seal bytea;

-- How the leader found the event when it gave it its place; part of the mac. Nobody has written a link before this.
ALTER TABLE auth.audit_link ADD COLUMN standing text NOT NULL CHECK (standing IN ('sealed', 'older', 'forged'));
