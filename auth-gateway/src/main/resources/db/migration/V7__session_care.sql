-- The chain of a session in its order: how often it was renewed within the last minute.
CREATE INDEX refresh_token_of_session_by_time ON auth.refresh_token (session_id, created_at);
DROP INDEX auth.refresh_token_of_session;

-- For housekeeping, beside session_by_expiry.
CREATE INDEX session_by_end ON auth.session (ended_at) WHERE ended_at IS NOT NULL;
