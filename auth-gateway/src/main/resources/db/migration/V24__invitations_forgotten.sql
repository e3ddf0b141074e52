-- An inviter's that may still be used, the soonest to end first: counted before another is given, and void with the
-- inviter. What it replaces served the same statements, those of older replicas too.
CREATE INDEX invitation_of_inviter_by_end ON auth.invitation (inviter_id, expires_at)
    WHERE used_at IS NULL AND revoked_at IS NULL;
DROP INDEX auth.invitation_of_inviter;

-- Those that nobody used, to be forgotten long after their end.
CREATE INDEX invitation_to_forget ON auth.invitation (expires_at) WHERE used_at IS NULL;
