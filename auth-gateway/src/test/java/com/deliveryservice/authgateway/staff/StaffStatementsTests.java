package com.deliveryservice.authgateway.staff;

import java.lang.reflect.Field;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import com.deliveryservice.authgateway.database.MigratedDatabase;
import com.deliveryservice.authgateway.staff.ManagedUsers.UserQuery;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever staff asks among many people is found by an index.
 */
class StaffStatementsTests {

	private static final MigratedDatabase DATABASE = MigratedDatabase.create();

	@BeforeAll
	static void manyPeople() {
		DATABASE.raw()
			.execute(
					"""
							INSERT INTO auth.user_account (login, login_normalized, verified_contact_kind, verified_contact, user_type,
							  password_hash, status, created_at)
							SELECT 'u' || n, 'u' || n, 'email', 'u' || n, CASE WHEN n % 200 = 0 THEN 'courier'
							  WHEN n % 5000 = 1 THEN 'admin' ELSE 'customer' END, 'x',
							  CASE WHEN n % 300 = 0 THEN 'suspended' ELSE 'active' END, now() - n * interval '1 minute'
							FROM generate_series(1, 20000) n;
							INSERT INTO auth.invitation (digest, user_type, inviter_id, expires_at, used_at, created_at)
							SELECT sha256(id::text::bytea), 'courier', id, now(),
							  CASE WHEN random() < 0.99 THEN now() END, created_at FROM auth.user_account;
							ANALYZE auth.user_account; ANALYZE auth.invitation""");
	}

	@AfterAll
	static void close() {
		DATABASE.close();
	}

	static List<String> statements() throws IllegalAccessException {
		List<String> all = new ArrayList<>();
		for (Class<?> holder : List.of(ManagedUsers.class, StoredInvitations.class)) {
			for (Field field : holder.getDeclaredFields()) {
				field.setAccessible(true);
				if (field.getType() == String.class && field.get(null) instanceof String sql
						&& sql.matches("(?s)(SELECT|UPDATE) .*auth\\..*(?<!WHERE )") && !sql.contains("%s")) {
					all.add(sql);
				}
			}
		}
		PageToken after = new PageToken(Instant.EPOCH, new UUID(0, 0));
		for (int types : List.of(1, 3)) {
			for (@Nullable
			String status : new @Nullable String[] { null, "active", "suspended" }) {
				all.add(ManagedUsers.statement(new UserQuery(status, null, null, 51), types));
				all.add(ManagedUsers.statement(new UserQuery(status, null, after, 51), types));
				all.add(ManagedUsers.statement(new UserQuery(status, "u1", after, 51), types));
			}
		}
		assertThat(all).hasSizeGreaterThanOrEqualTo(25);
		return all;
	}

	@ParameterizedTest
	@MethodSource("statements")
	void everyStatementFindsItsRowsByAnIndex(String sql) {
		String id = "'0a000000-0000-4000-8000-000000000001'::uuid";
		String plan = plan("EXPLAIN " + sql.replace(":types)", "'customer', 'kitchen', 'courier')")
			.replace("ANY('customer', 'kitchen', 'courier')", "ANY(ARRAY['manager'])")
			.replace("ANY(:giving)", "ANY(ARRAY['manager courier', 'admin courier'])")
			.replaceAll("(?<!:):type\\b", "'courier'")
			.replaceAll("(?<!:):(id|actor|target|inviter)\\b", id)
			.replaceAll("(?<!:):createdAt\\b", "now()")
			.replaceAll("(?<!:):(size|most)\\b", "51")
			.replaceAll("(?<!:):(login|value)\\b", "'u1'"));
		assertThat(plan).doesNotContain("Seq Scan");
	}

	private static String plan(String explain) {
		try (Connection connection = DATABASE.raw().open();
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery(explain)) {
			StringBuilder plan = new StringBuilder();
			while (rows.next()) {
				plan.append(rows.getString(1)).append('\n');
			}
			return plan.toString();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(explain, ex);
		}
	}

}
