-- People with an account: only those who proved a contact. Everything normalised that has to be unique is unique here,
-- so that a race is decided by a constraint and by nothing else.
CREATE TABLE auth.user_account (
    id                    uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    login                 text        NOT NULL,
    login_normalized      text        NOT NULL,
    email                 text,
    phone_number          text,
    verified_contact_kind text        NOT NULL CHECK (verified_contact_kind IN ('email', 'phone')),
    verified_contact      text        NOT NULL,
    user_type             text        NOT NULL,
    password_hash         text        NOT NULL,
    status                text        NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended')),
    created_at            timestamptz NOT NULL DEFAULT now(),
    last_sign_in_at       timestamptz,
    CONSTRAINT user_account_login UNIQUE (login_normalized),
    -- The other contact is unverified, and blocks nobody.
    CONSTRAINT user_account_verified_contact UNIQUE (verified_contact_kind, verified_contact)
);

CREATE INDEX user_account_by_type ON auth.user_account (user_type, id);

-- What lets staff sign up. Only a digest of the secret.
CREATE TABLE auth.invitation (
    id         uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    digest     bytea       NOT NULL UNIQUE,
    user_type  text        NOT NULL,
    email      text,
    inviter_id uuid        REFERENCES auth.user_account (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    used_at    timestamptz,
    used_by    uuid        REFERENCES auth.user_account (id)
);

-- The gateway's own half of a sign-up: what was asked, and whether the right code came.
--   starting  workflow-auth has been asked, and has not answered
--   pending   a code was sent; with a user_id: the user is there, but nobody has been told yet
--   completed the client was told
--   closed    closed_reason says why
--   failed    workflow-auth sent no code; the client knows no id
CREATE TABLE auth.sign_up (
    id                uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    state             text        NOT NULL DEFAULT 'starting'
                                  CHECK (state IN ('starting', 'pending', 'completed', 'closed', 'failed')),
    login             text        NOT NULL,
    login_normalized  text        NOT NULL,
    contact_kind      text        NOT NULL CHECK (contact_kind IN ('email', 'phone')),
    contact           text        NOT NULL,
    email             text,
    phone_number      text,
    user_type         text        NOT NULL,
    invitation_id     uuid        REFERENCES auth.invitation (id),
    sign_up_guid      text,
    -- HMAC under a key derived from the encryption key of this id
    code_hash         bytea,
    code_key_id       text,
    code_expires_at   timestamptz,
    code_right_at     timestamptz,
    attempts          int         NOT NULL DEFAULT 0,
    attempts_allowed  int         NOT NULL,
    user_id           uuid        REFERENCES auth.user_account (id) ON DELETE SET NULL,
    created_at        timestamptz NOT NULL DEFAULT now(),
    closed_at         timestamptz,
    closed_reason     text        CHECK (closed_reason IN
                                  ('too-many-attempts', 'expired', 'overridden', 'user-exists', 'not-allowed')),
    closing_code      text,
    told_at           timestamptz,
    tell_attempts     int         NOT NULL DEFAULT 0,
    tell_after        timestamptz,
    CONSTRAINT sign_up_closed_has_reason CHECK ((state = 'closed') = (closed_reason IS NOT NULL)),
    CONSTRAINT sign_up_pending_has_code
        CHECK (state <> 'pending' OR (sign_up_guid IS NOT NULL AND code_hash IS NOT NULL AND code_key_id IS NOT NULL
            AND code_expires_at IS NOT NULL))
);

-- A newer sign-up with the same login and contact overrides; with another contact both stay.
CREATE UNIQUE INDEX sign_up_one_pending ON auth.sign_up (login_normalized, contact_kind, contact)
    WHERE state = 'pending' AND user_id IS NULL;
-- A guid means one sign-up, whatever workflow-auth answers.
CREATE UNIQUE INDEX sign_up_pending_guid ON auth.sign_up (lower(sign_up_guid)) WHERE state = 'pending';
CREATE INDEX sign_up_by_guid ON auth.sign_up (lower(sign_up_guid));
CREATE INDEX sign_up_by_login ON auth.sign_up (login_normalized, contact_kind, contact) WHERE state = 'starting';
CREATE INDEX sign_up_to_expire ON auth.sign_up (code_expires_at) WHERE state = 'pending' AND user_id IS NULL;
CREATE INDEX sign_up_to_tell ON auth.sign_up (tell_after) WHERE closing_code IS NOT NULL AND told_at IS NULL;
CREATE INDEX sign_up_by_age ON auth.sign_up (created_at);
CREATE INDEX sign_up_of_invitation ON auth.sign_up (invitation_id) WHERE invitation_id IS NOT NULL;
CREATE INDEX sign_up_of_user ON auth.sign_up (user_id) WHERE user_id IS NOT NULL;

-- The auth backend's half: what workflow-auth asked to store. It becomes a user only together with a sign-up above.
CREATE TABLE auth.pending_user (
    guid             uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    sign_up_id       uuid        UNIQUE REFERENCES auth.sign_up (id) ON DELETE CASCADE,
    login_normalized text        NOT NULL,
    contact_kind     text        NOT NULL CHECK (contact_kind IN ('email', 'phone')),
    contact          text        NOT NULL,
    -- NULL once it is closed or has become a user
    password_hash    text,
    created_at       timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX pending_user_by_login ON auth.pending_user (login_normalized, contact_kind, contact);
CREATE INDEX pending_user_by_age ON auth.pending_user (created_at);

-- Session tokens that the auth backend gives out when workflow-auth delegates that. The token itself is derived from
-- the nonce with a key that is not in the database.
CREATE TABLE auth.delegated_token (
    user_id   uuid        PRIMARY KEY REFERENCES auth.user_account (id) ON DELETE CASCADE,
    nonce     uuid        NOT NULL,
    begins_at timestamptz NOT NULL,
    ends_at   timestamptz NOT NULL
);
