-- The list of users in its order, a page at a time.
CREATE INDEX user_account_by_age ON auth.user_account (created_at DESC, id DESC);

-- Active admins: one has to stay.
CREATE INDEX user_account_admins ON auth.user_account (id) WHERE user_type = 'admin' AND status = 'active';
