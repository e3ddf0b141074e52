-- A revoked key is good for nothing any more; its private part is gone.
ALTER TABLE auth.signing_key ADD COLUMN revoked_at timestamptz;
ALTER TABLE auth.signing_key DROP CONSTRAINT signing_key_status_check;
ALTER TABLE auth.signing_key ADD CONSTRAINT signing_key_status_check
    CHECK (status IN ('next', 'active', 'retired', 'revoked'));
ALTER TABLE auth.signing_key DROP CONSTRAINT signing_key_active_since;
ALTER TABLE auth.signing_key ADD CONSTRAINT signing_key_active_since
    CHECK (status IN ('next', 'revoked') OR active_from IS NOT NULL);
ALTER TABLE auth.signing_key DROP CONSTRAINT signing_key_retired_since;
ALTER TABLE auth.signing_key ADD CONSTRAINT signing_key_retired_since
    CHECK (status <> 'retired' OR retired_at IS NOT NULL);
ALTER TABLE auth.signing_key ADD CONSTRAINT signing_key_revoked_since
    CHECK ((status = 'revoked') = (revoked_at IS NOT NULL) AND (status = 'revoked') = (private_key = ''));

-- Tells every replica, whoever changes a key.
CREATE FUNCTION auth.notify_keys_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('auth_keys_changed', '');
    RETURN NULL;
END
$$;

CREATE TRIGGER signing_key_notifies AFTER INSERT OR UPDATE OR DELETE ON auth.signing_key
    FOR EACH STATEMENT EXECUTE FUNCTION auth.notify_keys_changed();
