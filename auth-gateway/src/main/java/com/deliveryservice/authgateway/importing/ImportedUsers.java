package com.deliveryservice.authgateway.importing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import com.deliveryservice.authgateway.audit.AuditTrail;
import com.deliveryservice.authgateway.audit.EventType;
import com.deliveryservice.authgateway.audit.SecurityEvent;
import com.deliveryservice.authgateway.database.Database;

/**
 * Makes users of rows, with their events, some at a time in one transaction. What decides
 * is the table's constraints: nothing that another import or a sign-up does meanwhile
 * makes two of one.
 */
@Component
class ImportedUsers {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private static final String ROWS = """
			json_to_recordset(CAST(:rows AS json)) AS r(id uuid, line bigint, digest text, login text,
			  login_normalized text, email text, phone_number text, kind text, contact text, user_type text,
			  password_hash text)
			""";

	private static final String ADD = """
			WITH added AS (INSERT INTO auth.user_account (id, login, login_normalized, email, phone_number,
			    verified_contact_kind, verified_contact, user_type, password_hash)
			  SELECT r.id, r.login, r.login_normalized, r.email, r.phone_number, r.kind, r.contact, r.user_type,
			    r.password_hash
			  FROM %1$s
			  WHERE NOT EXISTS (SELECT FROM auth.imported_user i WHERE i.digest = decode(r.digest, 'hex'))
			  ORDER BY r.line ON CONFLICT DO NOTHING RETURNING id)
			INSERT INTO auth.imported_user (user_id, digest, file, line)
			SELECT r.id, decode(r.digest, 'hex'), decode(:file, 'hex'), r.line FROM %1$s JOIN added USING (id)
			RETURNING user_id
			""".formatted(ROWS);

	/** The lines are those of this very file. */
	private static final String WHY = """
			SELECT r.id, s.user_id AS same, CASE WHEN s.file = decode(:file, 'hex') THEN s.line END AS same_line,
			  ul.id AS login, il.line AS login_line, uc.id AS contact, ic.line AS contact_line
			FROM %s
			LEFT JOIN auth.imported_user s ON s.digest = decode(r.digest, 'hex')
			LEFT JOIN auth.user_account ul ON ul.login_normalized = r.login_normalized
			LEFT JOIN auth.imported_user il ON il.user_id = ul.id AND il.file = decode(:file, 'hex')
			LEFT JOIN auth.user_account uc ON uc.verified_contact_kind = r.kind AND uc.verified_contact = r.contact
			LEFT JOIN auth.imported_user ic ON ic.user_id = uc.id AND ic.file = decode(:file, 'hex')
			""".formatted(ROWS);

	private final Database database;

	private final AuditTrail trail;

	ImportedUsers(Database database, AuditTrail trail) {
		this.database = database;
		this.trail = trail;
	}

	/**
	 * Adds those that are not there yet.
	 * @param candidates of one file
	 * @param file by its digest
	 * @param onlyTry whether it is undone
	 * @return what became of them; fails with
	 * {@link com.deliveryservice.authgateway.database.DatabaseUnavailableException}
	 */
	Mono<Outcomes> add(List<Candidate> candidates, String file, boolean onlyTry) {
		if (candidates.isEmpty()) {
			return Mono.just(new Outcomes(0, 0, List.of()));
		}
		return this.database
			.inTransaction((client) -> addIn(client, candidates, file)
				.flatMap((outcomes) -> onlyTry ? Mono.error(new Undone(outcomes)) : Mono.just(outcomes)))
			.onErrorResume(Undone.class, (undone) -> Mono.just(undone.outcomes));
	}

	private Mono<Outcomes> addIn(DatabaseClient client, List<Candidate> candidates, String file) {
		return bound(client, ADD, candidates, file).map((row) -> id(row, "user_id"))
			.all()
			.collect(Collectors.toSet())
			.delayUntil((added) -> this.trail.appendAll(client, events(candidates, added)))
			.flatMap((added) -> why(client, rest(candidates, added), file).map((refusals) -> new Outcomes(added.size(),
					candidates.size() - added.size() - refusals.size(), refusals)));
	}

	private static Mono<List<Refusal>> why(DatabaseClient client, List<Candidate> rest, String file) {
		if (rest.isEmpty()) {
			return Mono.just(List.of());
		}
		Map<UUID, Candidate> byId = rest.stream().collect(Collectors.toMap(Candidate::id, Function.identity()));
		return bound(client, WHY, rest, file).map((row) -> Mono.justOrEmpty(refusal(byId, row)))
			.all()
			.concatMap(Function.identity())
			.sort(Comparator.comparingLong(Refusal::line))
			.collectList();
	}

	/**
	 * Why a row was not added; {@code null} if it is there already, since the same file
	 * or another one with the same row was taken over before.
	 */
	private static @Nullable Refusal refusal(Map<UUID, Candidate> byId, Readable row) {
		Candidate candidate = byId.get(id(row, "id"));
		if (candidate == null) {
			throw new IllegalStateException("a row that was not asked about");
		}
		long line = candidate.line();
		Long sameLine = row.get("same_line", Long.class);
		if (row.get("same", UUID.class) != null && (sameLine == null || sameLine == line)) {
			return null;
		}
		if (row.get("login", UUID.class) != null) {
			return new Refusal(line, "login", taken(row.get("login_line", Long.class)));
		}
		if (row.get("contact", UUID.class) != null) {
			return new Refusal(line, candidate.contactField(), taken(row.get("contact_line", Long.class)));
		}
		return new Refusal(line, "", "was changed by somebody else at the same time: run the import again");
	}

	private static String taken(@Nullable Long line) {
		return (line != null) ? "is that of line " + line + " too" : "belongs to a user that exists";
	}

	private static UUID id(Readable row, String column) {
		UUID id = row.get(column, UUID.class);
		if (id == null) {
			throw new IllegalStateException(column + " is NULL");
		}
		return id;
	}

	private static List<Candidate> rest(List<Candidate> candidates, Set<UUID> added) {
		return candidates.stream().filter((candidate) -> !added.contains(candidate.id())).toList();
	}

	private static List<SecurityEvent> events(List<Candidate> candidates, Set<UUID> added) {
		return candidates.stream()
			.filter((candidate) -> added.contains(candidate.id()))
			.map((candidate) -> SecurityEvent.of(EventType.USER_IMPORTED)
				.about(candidate.id())
				.with("user_type", candidate.userType())
				.with("line", candidate.line()))
			.toList();
	}

	private static DatabaseClient.GenericExecuteSpec bound(DatabaseClient client, String sql, List<Candidate> rows,
			String file) {
		return client.sql(sql)
			.bind("rows", JSON.writeValueAsString(rows.stream().map(Candidate::toMap).toList()))
			.bind("file", file);
	}

	/**
	 * Rolls back what was only tried.
	 */
	private static final class Undone extends RuntimeException {

		private static final long serialVersionUID = 1L;

		private final transient Outcomes outcomes;

		Undone(Outcomes outcomes) {
			super("only tried", null, false, false);
			this.outcomes = outcomes;
		}

	}

}
