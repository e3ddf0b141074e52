-- When the client was about to be told of a success. As long as it was not, the acknowledgement of the commit may have
-- been lost, and what the client repeats is answered as the first time, for some minutes. A replica that does not know
-- of it leaves it out: then that holds for what it completed, too.
ALTER TABLE auth.sign_up ADD COLUMN answered_at timestamptz;
ALTER TABLE auth.password_reset ADD COLUMN answered_at timestamptz;

-- The session that changed the password and has not been told of it, and since when.
ALTER TABLE auth.user_account ADD COLUMN untold_session_id uuid, ADD COLUMN untold_since timestamptz;
