-- Which accounts one address failed at, of late. One that many people share has many that come in right soon after; who
-- tries one password on each of many accounts has not. Both keys are keyed hashes: the table names nobody.
CREATE TABLE auth.throttle_spray (
    address   bytea       NOT NULL CHECK (octet_length(address) = 32),
    account   bytea       NOT NULL CHECK (octet_length(account) = 32),
    failed_at timestamptz NOT NULL,
    PRIMARY KEY (address, account)
);

CREATE INDEX throttle_spray_of_address ON auth.throttle_spray (address, failed_at DESC);
CREATE INDEX throttle_spray_by_age ON auth.throttle_spray (failed_at);

-- Sign-ins that were counted at the edge and whose callback is still to come. Unlogged, since it is worth nothing after
-- some seconds: lost, a callback is counted a second time.
CREATE UNLOGGED TABLE auth.sign_in_under_way (
    key      bytea       PRIMARY KEY CHECK (octet_length(key) = 32),
    expected int         NOT NULL,
    until    timestamptz NOT NULL
);

CREATE INDEX sign_in_under_way_by_age ON auth.sign_in_under_way (until);
