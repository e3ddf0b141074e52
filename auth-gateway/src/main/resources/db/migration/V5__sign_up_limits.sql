-- How many sign-ups came from an address or went to a contact. The bucket is a keyed hash: the table names nobody.
CREATE TABLE auth.sign_up_count (
    bucket     bytea       NOT NULL,
    period     int         NOT NULL,
    started_at timestamptz NOT NULL,
    used       int         NOT NULL,
    PRIMARY KEY (bucket, period)
);

CREATE INDEX sign_up_count_by_age ON auth.sign_up_count (started_at);
