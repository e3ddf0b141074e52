-- Whether, and which, hashes of other systems are left; empty once everybody has signed in.
CREATE INDEX user_account_foreign_hash ON auth.user_account (id)
    WHERE password_hash NOT LIKE '$argon2id$v=19$m=19456,t=2,p=1%' AND password_hash <> '-';
