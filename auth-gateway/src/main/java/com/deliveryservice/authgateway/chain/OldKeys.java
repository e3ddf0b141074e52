package com.deliveryservice.authgateway.chain;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.r2dbc.core.DatabaseClient;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import io.r2dbc.spi.Readable;

/**
 * Keys of the chain whose encryption key was replaced: each is kept encrypted under the
 * present one, together with the last link that was made with it. So an encryption key
 * can be forgotten, and one that leaked rewrites nothing from before its replacement.
 */
final class OldKeys {

	private static final Logger logger = LoggerFactory.getLogger(OldKeys.class);

	private static final String LIST = "SELECT key_id, sealed_with, encode(sealed, 'hex') AS sealed FROM auth.audit_old_key ORDER BY key_id";

	private static final String KEEP = """
			INSERT INTO auth.audit_old_key (key_id, sealed_with, sealed) VALUES (:keyId, :sealedWith, :sealed)
			ON CONFLICT (key_id) DO UPDATE SET sealed_with = excluded.sealed_with, sealed = excluded.sealed
			""";

	private final TrailKeys keys;

	OldKeys(TrailKeys keys) {
		this.keys = keys;
	}

	/**
	 * Keeps the key that the chain ends under.
	 */
	Mono<Void> keep(DatabaseClient client, Head head) {
		String id = Objects.requireNonNull(head.keyId());
		byte[] key = Objects.requireNonNull(this.keys.own().find(id));
		return write(client, new OldKey(id, HexFormat.of().formatHex(key), head.number(), head.mac()));
	}

	/**
	 * Those that can be opened; what cannot is logged.
	 */
	Flux<OldKey> list(DatabaseClient client) {
		return client.sql(LIST).map(Row::of).all().concatMap((row) -> Mono.justOrEmpty(open(row)));
	}

	/**
	 * Encrypts all of them anew that are encrypted under the previous encryption key.
	 */
	Mono<Void> renew(DatabaseClient client) {
		return client.sql(LIST)
			.map(Row::of)
			.all()
			.filter((row) -> !row.sealedWith().equals(this.keys.currentId()))
			.collectList()
			.flatMapIterable((rows) -> rows)
			.concatMap((row) -> Mono.justOrEmpty(open(row)))
			.concatMap((key) -> write(client, key))
			.then();
	}

	/** The nonce is drawn from the system, which may wait. */
	private Mono<Void> write(DatabaseClient client, OldKey key) {
		return Mono.fromCallable(() -> this.keys.seal(key.id(), key.secret()))
			.subscribeOn(Schedulers.boundedElastic())
			.flatMap((sealed) -> client.sql(KEEP)
				.bind("keyId", key.id())
				.bind("sealedWith", this.keys.currentId())
				.bind("sealed", sealed)
				.fetch()
				.rowsUpdated())
			.then();
	}

	private Optional<OldKey> open(Row row) {
		try {
			return Optional.of(OldKey.of(row.keyId(),
					this.keys.open(row.keyId(), row.sealedWith(), HexFormat.of().parseHex(row.sealed()))));
		}
		catch (GeneralSecurityException ex) {
			logger.error(
					"The old key {} of the audit chain cannot be opened: it was changed, or encryption key {} is gone",
					row.keyId(), row.sealedWith());
			return Optional.empty();
		}
	}

	/**
	 * A key that was replaced. Never prints it.
	 *
	 * @param id of it
	 * @param key in hexadecimal digits
	 * @param lastNumber of the last link that was made with it
	 * @param lastMac of that link
	 */
	record OldKey(String id, String key, long lastNumber, String lastMac) {

		private static final String SEPARATOR = " ";

		static OldKey of(String id, byte[] secret) {
			String[] parts = new String(secret, StandardCharsets.US_ASCII).split(SEPARATOR, 3);
			return new OldKey(id, parts[0], Long.parseLong(parts[1]), parts[2]);
		}

		byte[] secret() {
			return String.join(SEPARATOR, this.key, String.valueOf(this.lastNumber), this.lastMac)
				.getBytes(StandardCharsets.US_ASCII);
		}

		byte[] keyBytes() {
			return HexFormat.of().parseHex(this.key);
		}

		@Override
		public String toString() {
			return "OldKey[" + this.id + "]";
		}

	}

	private record Row(String keyId, String sealedWith, String sealed) {

		static Row of(Readable row) {
			return new Row(Objects.requireNonNull(row.get("key_id", String.class)),
					Objects.requireNonNull(row.get("sealed_with", String.class)),
					Objects.requireNonNull(row.get("sealed", String.class)));
		}

	}

}
