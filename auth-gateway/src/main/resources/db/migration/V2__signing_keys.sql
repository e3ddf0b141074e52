-- The gateway's key pairs. The private part is AES-256-GCM under auth-gateway.keys.encryption-key, bound to its kid;
-- encryption_key_id says under which key, and says nothing about it.
CREATE TABLE auth.signing_key (
    kid               text        PRIMARY KEY,
    status            text        NOT NULL CHECK (status IN ('next', 'active', 'retired')),
    public_jwk        text        NOT NULL,
    private_key       bytea       NOT NULL,
    encryption_key_id text        NOT NULL,
    created_at        timestamptz NOT NULL DEFAULT now(),
    not_before        timestamptz NOT NULL,
    active_from       timestamptz,
    retired_at        timestamptz,
    CONSTRAINT signing_key_active_since CHECK (status = 'next' OR active_from IS NOT NULL),
    CONSTRAINT signing_key_retired_since CHECK ((status = 'retired') = (retired_at IS NOT NULL))
);

-- One key signs, and at most one waits.
CREATE UNIQUE INDEX signing_key_one_active ON auth.signing_key (status) WHERE status = 'active';
CREATE UNIQUE INDEX signing_key_one_next ON auth.signing_key (status) WHERE status = 'next';
