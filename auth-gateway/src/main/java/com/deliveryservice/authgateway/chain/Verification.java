package com.deliveryservice.authgateway.chain;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;

import com.deliveryservice.authgateway.chain.ChainMeters.Backlog;
import com.deliveryservice.authgateway.chain.OldKeys.OldKey;
import com.deliveryservice.authgateway.database.Database;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Checks the whole trail as it was at one moment: checkpoints, links with their events,
 * events that wait, and that there is no event beside these. A page at a time, so that
 * its size does not matter.
 */
final class Verification {

	private static final int PAGE = 1000;

	private static final String CHECKPOINTS = "SELECT " + Checkpoint.COLUMNS
			+ " FROM auth.audit_checkpoint ORDER BY number";

	private static final String WAITING = "SELECT u.position, u.event_id, " + SealedEvent.COLUMNS + """
			, EXISTS (SELECT FROM auth.audit_link l WHERE l.event_id = u.event_id) AS linked,
			    coalesce(extract(epoch FROM now() - e.at), 0)::float8 AS age
			FROM auth.audit_unchained u LEFT JOIN auth.audit_event e ON e.id = u.event_id
			WHERE u.position > :after ORDER BY u.position LIMIT :size
			""";

	private static final String COUNT = """
			SELECT (SELECT count(*) FROM auth.audit_event) - (SELECT count(*) FROM auth.audit_link l
			    JOIN auth.audit_event e ON e.id = l.event_id WHERE l.number <= :checkpoint) AS count
			""";

	private static final String STRAYS = "SELECT " + SealedEvent.COLUMNS + """
			 FROM auth.audit_event e
			WHERE NOT EXISTS (SELECT FROM auth.audit_link l WHERE l.event_id = e.id)
			  AND NOT EXISTS (SELECT FROM auth.audit_unchained u WHERE u.event_id = e.id)
			ORDER BY e.at, e.id LIMIT 20
			""";

	private final Database own;

	private final TrailKeys keys;

	private final ExpectedHeads expected;

	private final Findings findings;

	private final LongConsumer progress;

	private long waiting;

	private double oldest;

	/**
	 * A verification.
	 * @param own a connection of its own
	 * @param progress hears how far it is
	 */
	Verification(Database own, TrailKeys keys, ExpectedHeads expected, Findings findings, LongConsumer progress) {
		this.own = own;
		this.keys = keys;
		this.expected = expected;
		this.findings = findings;
		this.progress = progress;
	}

	/**
	 * Does it all; what is wrong is in the findings.
	 */
	Mono<Report> run() {
		return snapshot().then(this.own.many((client) -> new OldKeys(this.keys).list(client)).collectList())
			.map((old) -> old.stream().collect(Collectors.toMap(OldKey::id, (key) -> key)))
			.flatMap((old) -> checkpoints(allKeys(old)).flatMap(
					(cut) -> links(cut, old).flatMap((walk) -> waiting(0, allKeys(old), walk).then(strays(cut, walk))
						.then(Mono.fromCallable(() -> report(cut, walk))))));
	}

	private MacKeys allKeys(Map<String, OldKey> old) {
		return this.keys.own().and(old.values().stream().collect(Collectors.toMap(OldKey::id, OldKey::keyBytes)));
	}

	private Mono<Void> snapshot() {
		return this.own
			.one((client) -> client.sql("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").fetch().rowsUpdated())
			.then(this.own.one((client) -> client.sql("SET LOCAL statement_timeout = '10min'").fetch().rowsUpdated()))
			.then();
	}

	/**
	 * The last cut, with every checkpoint signed behind the one before.
	 */
	private Mono<Cut> checkpoints(MacKeys all) {
		return this.own.many((client) -> client.sql(CHECKPOINTS).map(Checkpoint::read).all())
			.reduce(Cut.NONE, (cut, next) -> {
				if (!next.follows(cut.signature(), all)) {
					this.findings.add("checkpoint " + next.number() + " of " + next.at()
							+ ": it was changed or made without the key, or one before it is missing");
				}
				return new Cut(next.asHead(), next.signature(), cut.count() + 1);
			});
	}

	private Mono<ChainWalk> links(Cut cut, Map<String, OldKey> old) {
		Map<String, OldKey> replaced = old.entrySet()
			.stream()
			.filter((entry) -> !entry.getKey().equals(this.keys.currentId()))
			.collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
		ChainWalk walk = new ChainWalk(cut.head(), allKeys(old), replaced, this.expected, this.findings);
		return page(walk).expand((size) -> (size < PAGE) ? Mono.empty() : page(walk))
			.doOnNext((size) -> this.progress.accept(walk.head().number()))
			.then(Mono.fromRunnable(walk::end))
			.thenReturn(walk);
	}

	/** How many links came. */
	private Mono<Integer> page(ChainWalk walk) {
		return this.own.one((client) -> ChainRows.page(client, walk.head().number(), PAGE))
			.publishOn(Schedulers.boundedElastic())
			.doOnNext(walk::take)
			.map(List::size);
	}

	private Mono<Void> waiting(long after, MacKeys all, ChainWalk walk) {
		return this.own.many((client) -> waitingPage(client, after))
			.doOnNext((row) -> look(row, all, walk.head().olderOnly()))
			.collectList()
			.filter((page) -> page.size() == PAGE)
			.flatMap((page) -> waiting(page.get(PAGE - 1).position(), all, walk));
	}

	private static Flux<Waiting> waitingPage(DatabaseClient client, long after) {
		return client.sql(WAITING)
			.bind("after", after)
			.bind("size", PAGE)
			.map((row) -> new Waiting(Objects.requireNonNull(row.get("position", Long.class)),
					Objects.requireNonNull(row.get("event_id", UUID.class)),
					(row.get("id", UUID.class) != null) ? SealedEvent.read(row) : null,
					Boolean.TRUE.equals(row.get("linked", Boolean.class)),
					Objects.requireNonNull(row.get("age", Double.class))))
			.all();
	}

	private void look(Waiting row, MacKeys all, boolean olderOnly) {
		SealedEvent event = row.event();
		if (event == null) {
			this.findings.add("event " + row.eventId() + ", which has no place in the chain yet, is missing");
		}
		else if (row.linked()) {
			this.findings.add(event + " waits for a place in the chain, and has one already");
		}
		else if (!event.isGenuine(all) && (event.isSealed() || !olderOnly)) {
			this.findings.add(event + ", which has no place in the chain yet: it was changed, or no gateway wrote it");
		}
		if (event != null && !row.linked()) {
			this.waiting++;
			this.oldest = Math.max(this.oldest, row.age());
		}
	}

	/**
	 * Events that are neither in the chain nor wait for it: counted, and looked for only
	 * if the count says that there are any.
	 */
	private Mono<Void> strays(Cut cut, ChainWalk walk) {
		return this.own
			.one((client) -> client.sql(COUNT)
				.bind("checkpoint", cut.head().number())
				.map((row) -> Objects.requireNonNull(row.get("count", Long.class)))
				.one())
			.filter((count) -> count != walk.events() + this.waiting)
			.flatMapMany((count) -> this.own.many((client) -> client.sql(STRAYS).map(SealedEvent::read).all()))
			.doOnNext((event) -> this.findings.add(event + ": it is not in the chain, and does not wait for it"))
			.then();
	}

	private Report report(Cut cut, ChainWalk walk) {
		return new Report(cut.head(), cut.count(), walk.links(), walk.head(), new Backlog(this.waiting, this.oldest));
	}

	/**
	 * What there is.
	 *
	 * @param cut what the first link continues
	 * @param checkpoints how often retention has cut
	 * @param links how many were checked
	 * @param head where the chain ends
	 * @param waiting events without a place in it
	 */
	record Report(Head cut, long checkpoints, long links, Head head, Backlog waiting) {

	}

	private record Cut(Head head, String signature, long count) {

		static final Cut NONE = new Cut(Head.NONE, Checkpoint.NONE_BEFORE, 0);

	}

	private record Waiting(long position, UUID eventId, @Nullable SealedEvent event, boolean linked, double age) {

	}

}
