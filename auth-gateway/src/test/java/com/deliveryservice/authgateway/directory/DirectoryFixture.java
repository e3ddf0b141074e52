package com.deliveryservice.authgateway.directory;

import java.time.Duration;
import java.util.Map;

import com.deliveryservice.authgateway.audit.AuditFixture;
import com.deliveryservice.authgateway.audit.AuditTrail;
import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.database.MigratedDatabase;
import com.deliveryservice.authgateway.identity.UserTypes;
import com.deliveryservice.authgateway.identity.UserTypesSettings;
import com.deliveryservice.authgateway.key.DerivedKeys;
import com.deliveryservice.authgateway.key.KeySettings;
import com.deliveryservice.authgateway.protection.ProtectionFixture;

/**
 * One replica's directory without a Spring context.
 */
final class DirectoryFixture {

	static final String ENCRYPTION_KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

	final StoredUsers users;

	final PendingUsers pendingUsers;

	final SignUps signUps;

	final SignUpClosings closings;

	final Invitations invitations;

	final AuthBackend backend;

	final Callbacks callbacks;

	DirectoryFixture(MigratedDatabase migrated, PasswordHashing hashing) {
		Database database = migrated.database();
		AuditTrail trail = AuditFixture.trailOver(migrated.raw(), database);
		DerivedKeys keys = new DerivedKeys(
				new KeySettings(ENCRYPTION_KEY, null, Duration.ofDays(30), Duration.ofHours(24)));
		this.users = new StoredUsers(database);
		this.pendingUsers = new PendingUsers(database, hashing, ProtectionFixture.signUpLimits(database, keys));
		this.signUps = new SignUps(database);
		this.closings = new SignUpClosings(database);
		this.invitations = new Invitations(database, new UserTypes(new UserTypesSettings(Map.of())));
		this.backend = new AuthBackend(this.users,
				new CountedCredentials(new Credentials(this.users, hashing), ProtectionFixture.throttle(database),
						ProtectionFixture.underWay(database), trail),
				hashing, this.pendingUsers, new Promotion(database, this.invitations, trail),
				new DelegatedTokens(database, keys, Accounts.settings()));
		this.callbacks = new Callbacks(this.backend);
	}

}
