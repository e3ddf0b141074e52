-- Few at a time, looked for every minute.
CREATE INDEX pending_user_with_password ON auth.pending_user (sign_up_id) WHERE password_hash IS NOT NULL;
CREATE INDEX sign_up_unfinished ON auth.sign_up (created_at) WHERE state IN ('starting', 'failed');
CREATE INDEX pending_user_unasked ON auth.pending_user (created_at) WHERE sign_up_id IS NULL;
