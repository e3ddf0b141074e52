-- A list of one type, and of those who are suspended: few among many, in the list's order.
CREATE INDEX user_account_of_type_by_age ON auth.user_account (user_type, created_at DESC, id DESC);
CREATE INDEX user_account_suspended_by_age ON auth.user_account (created_at DESC, id DESC) WHERE status = 'suspended';

-- What becomes void together with its inviter.
CREATE INDEX invitation_of_inviter ON auth.invitation (inviter_id) WHERE used_at IS NULL AND revoked_at IS NULL;

-- The list of those that are open, in its order.
CREATE INDEX invitation_open ON auth.invitation (created_at DESC, id) WHERE used_at IS NULL AND revoked_at IS NULL;
