package com.deliveryservice.authgateway.staff;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import com.deliveryservice.authgateway.database.MigratedDatabase;
import com.deliveryservice.authgateway.identity.UserTypes;
import com.deliveryservice.authgateway.identity.UserTypesSettings;
import com.deliveryservice.authgateway.identity.UserTypesSettings.Entry;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The list of open invitations against a real PostgreSQL.
 */
class StoredInvitationsTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final MigratedDatabase database = MigratedDatabase.create();

	@AfterEach
	void close() {
		this.database.close();
	}

	@Test
	void whatItsInviterMayGiveNoMoreIsNotListed() {
		this.database.raw().execute("""
				INSERT INTO auth.user_account (login, login_normalized, verified_contact_kind, verified_contact,
				  user_type, password_hash, status)
				SELECT login, login, 'email', login, split_part(login, '-', 1), 'x', status
				FROM (VALUES ('manager-1', 'active'), ('manager-2', 'suspended'), ('admin-1', 'active'),
				  ('gone-1', 'active')) AS people (login, status);
				INSERT INTO auth.invitation (digest, user_type, email, inviter_id, expires_at)
				SELECT sha256((login || type)::bytea), type, login || ' ' || type, id, now() + interval '1 hour'
				FROM auth.user_account, unnest(ARRAY['courier', 'kitchen']) AS type
				UNION ALL SELECT sha256('first'), 'courier', 'nobody courier', NULL, now() + interval '1 hour'""");
		assertThat(listed(null)).containsExactlyInAnyOrder("manager-1 courier", "manager-1 kitchen", "admin-1 courier",
				"admin-1 kitchen", "nobody courier");
		assertThat(listed(List.of("courier"))).containsExactlyInAnyOrder("manager-1 courier", "admin-1 courier",
				"admin-1 kitchen", "nobody courier");
	}

	private List<String> listed(@Nullable List<String> managersManage) {
		Set<String> types = Set.of("courier", "kitchen", "manager");
		Map<String, Entry> configured = (managersManage != null)
				? Map.of("manager", new Entry(null, managersManage, null)) : Map.of();
		StaffAccess access = new StaffAccess(new UserTypes(new UserTypesSettings(configured)));
		return new StoredInvitations(this.database.database()).open(types, access.giving(types))
			.map((open) -> String.valueOf(open.email()))
			.collectList()
			.blockOptional(PATIENCE)
			.orElseThrow();
	}

}
