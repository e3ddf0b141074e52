-- What happened to accounts, sessions and keys. Rows are only ever added; retention alone takes away, behind a signed
-- checkpoint. Nothing refers to other tables: an event outlives what it tells of.
CREATE TABLE auth.audit_event (
    id          uuid        PRIMARY KEY,
    at          timestamptz NOT NULL,
    type        text        NOT NULL,
    actor_id    uuid,
    user_id     uuid,
    session_id  uuid,
    ip          text,
    device_name text,
    request_id  text,
    -- a JSON object of strings, as it was written: its bytes are part of the chain
    detail      text        NOT NULL
);

CREATE INDEX audit_event_by_time ON auth.audit_event (at, id);
CREATE INDEX audit_event_of_user ON auth.audit_event (user_id, at, id) WHERE user_id IS NOT NULL;
CREATE INDEX audit_event_of_type ON auth.audit_event (type, at, id);

-- Events that have no place in the chain yet. A queue, so that it does not matter in which order they were committed.
CREATE TABLE auth.audit_unchained (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id uuid   NOT NULL UNIQUE REFERENCES auth.audit_event (id)
);

-- The chain: numbers without gaps, and each mac over the one before, the number and the whole event, under a key that
-- is not in the database.
CREATE TABLE auth.audit_link (
    number   bigint PRIMARY KEY CHECK (number > 0),
    event_id uuid   NOT NULL UNIQUE,
    key_id   text   NOT NULL,
    mac      bytea  NOT NULL CHECK (octet_length(mac) = 32)
);

-- Where retention cut: the last link that is gone, and its mac, which the next one continues.
CREATE TABLE auth.audit_checkpoint (
    number    bigint      PRIMARY KEY,
    mac       bytea       NOT NULL,
    at        timestamptz NOT NULL,
    key_id    text        NOT NULL,
    signature bytea       NOT NULL
);

-- Chain keys of encryption keys that were replaced, each encrypted with the present one.
CREATE TABLE auth.audit_old_key (
    key_id      text  PRIMARY KEY,
    sealed_with text  NOT NULL,
    sealed      bytea NOT NULL
);

CREATE FUNCTION auth.audit_enqueue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO auth.audit_unchained (event_id) VALUES (NEW.id);
    RETURN NULL;
END
$$;

CREATE TRIGGER audit_event_is_chained AFTER INSERT ON auth.audit_event
    FOR EACH ROW EXECUTE FUNCTION auth.audit_enqueue();

-- The gateway owns its tables, so that no privilege could keep it, or a mistake in it, from changing them.
CREATE FUNCTION auth.audit_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND TG_LEVEL = 'ROW' THEN
        IF TG_TABLE_NAME = 'audit_event' AND EXISTS (
                SELECT FROM auth.audit_link l WHERE l.event_id = OLD.id
                AND l.number <= (SELECT max(c.number) FROM auth.audit_checkpoint c)) THEN
            RETURN OLD;
        END IF;
        IF TG_TABLE_NAME = 'audit_link' THEN
            IF OLD.number <= (SELECT max(c.number) FROM auth.audit_checkpoint c) THEN
                RETURN OLD;
            END IF;
        END IF;
    END IF;
    RAISE EXCEPTION 'auth.% is append-only: no %', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER audit_event_is_kept BEFORE UPDATE OR DELETE ON auth.audit_event
    FOR EACH ROW EXECUTE FUNCTION auth.audit_keep();
CREATE TRIGGER audit_event_is_not_emptied BEFORE TRUNCATE ON auth.audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION auth.audit_keep();
CREATE TRIGGER audit_link_is_kept BEFORE UPDATE OR DELETE ON auth.audit_link
    FOR EACH ROW EXECUTE FUNCTION auth.audit_keep();
CREATE TRIGGER audit_link_is_not_emptied BEFORE TRUNCATE ON auth.audit_link
    FOR EACH STATEMENT EXECUTE FUNCTION auth.audit_keep();
CREATE TRIGGER audit_checkpoint_is_kept BEFORE UPDATE OR DELETE ON auth.audit_checkpoint
    FOR EACH ROW EXECUTE FUNCTION auth.audit_keep();
CREATE TRIGGER audit_checkpoint_is_not_emptied BEFORE TRUNCATE ON auth.audit_checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION auth.audit_keep();
