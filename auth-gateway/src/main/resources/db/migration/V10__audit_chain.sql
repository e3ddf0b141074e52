-- Which gateway key sealed an event when it was written: a row that somebody else adds carries no good seal.
-- NULL: from before there were seals.
ALTER TABLE auth.audit_event ADD COLUMN key_id text;
ALTER TABLE auth.audit_event ADD COLUMN seal bytea;

-- How the leader found the event when it gave it its place; part of the mac. Nobody has written a link before this.
ALTER TABLE auth.audit_link ADD COLUMN standing text NOT NULL CHECK (standing IN ('sealed', 'older', 'forged'));

-- As before, but a link has no id: the other table's condition may not be read for it.
CREATE OR REPLACE FUNCTION auth.audit_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND TG_LEVEL = 'ROW' THEN
        IF TG_TABLE_NAME = 'audit_event' THEN
            IF EXISTS (SELECT FROM auth.audit_link l WHERE l.event_id = OLD.id
                    AND l.number <= (SELECT max(c.number) FROM auth.audit_checkpoint c)) THEN
                RETURN OLD;
            END IF;
        ELSIF TG_TABLE_NAME = 'audit_link' THEN
            IF OLD.number <= (SELECT max(c.number) FROM auth.audit_checkpoint c) THEN
                RETURN OLD;
            END IF;
        END IF;
    END IF;
    RAISE EXCEPTION 'auth.% is append-only: no %', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;
