-- Who failed to sign in too often: by account, known device or address. The key is an HMAC, so the table names nobody.
CREATE TABLE auth.throttle (
  key           bytea PRIMARY KEY CHECK (octet_length(key) = 32),
  failures      double precision NOT NULL,
  blocked_until timestamptz NOT NULL,
  updated_at    timestamptz NOT NULL
);

CREATE INDEX throttle_updated_at ON auth.throttle (updated_at);
