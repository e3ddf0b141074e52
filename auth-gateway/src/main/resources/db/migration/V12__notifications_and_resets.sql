-- Notifications that are promised and not delivered yet. Each is written in the transaction that promises it, and is
-- deleted when the notification service took it, or when what it says has expired. Sealed with a key that is not in the
-- database and padded, so that the table tells neither whom it is for nor whether it is for anybody.
CREATE TABLE auth.notification (
    id         uuid        PRIMARY KEY,
    key_id     text        NOT NULL,
    sealed     bytea       NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    attempts   int         NOT NULL DEFAULT 0,
    send_after timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX notification_to_send ON auth.notification (send_after);
CREATE INDEX notification_by_expiry ON auth.notification (expires_at);

-- Password resets. One that was asked for with a login that nobody active has is a row like any other, with nobody in it
-- and a hash that no code has.
CREATE TABLE auth.password_reset (
    id               uuid        PRIMARY KEY,
    state            text        NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'completed', 'closed')),
    user_id          uuid        REFERENCES auth.user_account (id) ON DELETE CASCADE,
    -- HMAC of the normalised login: what people type there may be anything
    login_hash       bytea       NOT NULL,
    -- HMAC under a key derived from the encryption key of this id
    code_hash        bytea       NOT NULL,
    code_key_id      text        NOT NULL,
    code_expires_at  timestamptz NOT NULL,
    code_right_at    timestamptz,
    attempts         int         NOT NULL DEFAULT 0,
    attempts_allowed int         NOT NULL,
    created_at       timestamptz NOT NULL DEFAULT now(),
    closed_at        timestamptz,
    closed_reason    text        CHECK (closed_reason IN ('too-many-attempts', 'expired', 'overridden')),
    CONSTRAINT password_reset_closed_has_reason CHECK ((state = 'closed') = (closed_reason IS NOT NULL))
);

-- The newest of a login overrides.
CREATE UNIQUE INDEX password_reset_one_open ON auth.password_reset (login_hash) WHERE state = 'open';
CREATE INDEX password_reset_of_user ON auth.password_reset (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX password_reset_by_age ON auth.password_reset (created_at);
