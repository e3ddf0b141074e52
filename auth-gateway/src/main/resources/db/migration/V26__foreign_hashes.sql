-- Whether, and which, hashes are left that are not as a new one would be; empty once everybody has signed in.
CREATE INDEX user_account_foreign_hash ON auth.user_account (id)
    WHERE password_hash !~ '^[$]argon2id[$]v=19[$]m=19456,t=2,p=1(,keyid=[0-9a-f]+)?[$][A-Za-z0-9+/]{22,}[$][A-Za-z0-9+/]{43}$'
    AND password_hash <> '-';
