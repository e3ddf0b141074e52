-- Which users were taken over from a file, so that an import that is run again knows its rows. Nobody needs it any more
-- once the other system is gone.
CREATE TABLE auth.imported_user (
    user_id     uuid        PRIMARY KEY REFERENCES auth.user_account (id) ON DELETE CASCADE,
    -- SHA-256 over the row's fields
    digest      bytea       NOT NULL UNIQUE CHECK (octet_length(digest) = 32),
    -- SHA-256 over the whole file, and where the row began in it
    file        bytea       NOT NULL CHECK (octet_length(file) = 32),
    line        bigint      NOT NULL CHECK (line > 0),
    imported_at timestamptz NOT NULL DEFAULT now()
);
