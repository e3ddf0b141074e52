-- How often the password, the status or the type was changed: a sign-in that began before such a change comes to nothing.
-- An older replica does not count, and asks for nothing.
ALTER TABLE auth.user_account ADD COLUMN credentials_version integer NOT NULL DEFAULT 0;
