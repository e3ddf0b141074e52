-- One row for each signed-in device. The database's clock decides about all of it.
CREATE TABLE auth.session (
    id                      uuid        PRIMARY KEY,
    user_id                 uuid        NOT NULL,
    user_type               text        NOT NULL,
    device_name             text,
    ip                      text        NOT NULL,
    created_at              timestamptz NOT NULL DEFAULT now(),
    last_seen_at            timestamptz NOT NULL DEFAULT now(),
    idle_limit              interval    NOT NULL,
    idle_expires_at         timestamptz NOT NULL,
    expires_at              timestamptz NOT NULL,
    ended_at                timestamptz,
    end_reason              text,
    workflow_token_digest   bytea       NOT NULL,
    workflow_token_ends_at  timestamptz NOT NULL,
    CONSTRAINT session_idle_within_absolute CHECK (idle_expires_at <= expires_at),
    CONSTRAINT session_end_has_reason CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);

-- A user's sessions that have not ended: the list, the limit, and ending them all.
CREATE INDEX session_not_ended_of_user ON auth.session (user_id, created_at) WHERE ended_at IS NULL;

-- For housekeeping.
CREATE INDEX session_by_expiry ON auth.session (expires_at);

-- A chain of one-use secrets for each session; only their SHA-256 is here. The row of a used one holds what its
-- successor is derived from. That a predecessor is unique makes a fork of the chain impossible.
CREATE TABLE auth.refresh_token (
    digest      bytea       PRIMARY KEY,
    session_id  uuid        NOT NULL REFERENCES auth.session (id) ON DELETE CASCADE,
    predecessor bytea       UNIQUE,
    created_at  timestamptz NOT NULL DEFAULT now(),
    used_at     timestamptz,
    nonce       bytea,
    key_id      text,
    CONSTRAINT refresh_token_used_with_nonce
        CHECK ((used_at IS NULL) = (nonce IS NULL) AND (used_at IS NULL) = (key_id IS NULL))
);

CREATE INDEX refresh_token_of_session ON auth.refresh_token (session_id);

-- What every replica learns: which session ended, and when. Written in the transaction that ends it.
CREATE TABLE auth.session_event (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    session_id  uuid        NOT NULL,
    ended_at    timestamptz NOT NULL DEFAULT now(),
    reason      text        NOT NULL
);

CREATE INDEX session_event_by_time ON auth.session_event (ended_at);

-- Notifies in the same transaction, whoever writes the event: '<session id> <end, ms since 1970>'.
CREATE FUNCTION auth.notify_session_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('auth_session_ended',
        NEW.session_id || ' ' || (extract(epoch FROM NEW.ended_at) * 1000)::bigint);
    RETURN NULL;
END
$$;

CREATE TRIGGER session_event_notifies AFTER INSERT ON auth.session_event
    FOR EACH ROW EXECUTE FUNCTION auth.notify_session_ended();

-- When the gateway was last seen to reach this database, by any replica, and the gaps between. A phone that could not
-- ask meanwhile is not blamed for asking late.
CREATE TABLE auth.database_seen (
    one     boolean     PRIMARY KEY DEFAULT true CHECK (one),
    seen_at timestamptz NOT NULL
);

CREATE TABLE auth.database_outage (
    began_at timestamptz NOT NULL,
    ended_at timestamptz PRIMARY KEY
);

-- Takes note that a replica reaches the database.
CREATE FUNCTION auth.see_database() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO auth.database_outage (began_at, ended_at)
    SELECT seen_at, now() FROM auth.database_seen WHERE seen_at < now() - interval '3 seconds' FOR UPDATE
    ON CONFLICT DO NOTHING;
    INSERT INTO auth.database_seen AS s (seen_at) VALUES (now())
    ON CONFLICT (one) DO UPDATE SET seen_at = greatest(s.seen_at, excluded.seen_at);
END
$$;

-- For how long no replica reached the database since a moment, up to now.
CREATE FUNCTION auth.away_since(since timestamptz) RETURNS interval LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(gap.ended_at - greatest(gap.began_at, since)), interval '0')
    FROM (SELECT began_at, ended_at FROM auth.database_outage
          UNION ALL
          SELECT seen_at, now() FROM auth.database_seen WHERE seen_at < now() - interval '3 seconds') AS gap
    WHERE gap.ended_at > since
$$;
