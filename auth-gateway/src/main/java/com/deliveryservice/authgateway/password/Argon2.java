package com.deliveryservice.authgateway.password;

import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.jspecify.annotations.Nullable;

/**
 * Argon2 (RFC 9106).
 *
 * @param type of the three
 * @param version 19, or 16 of before 2016
 * @param memory in KiB
 * @param iterations passes over the memory
 * @param parallelism lanes
 */
record Argon2(Type type, int version, int memory, int iterations, int parallelism) implements Derivation {

	/** OWASP Password Storage, its minimum: what everybody's hash becomes. */
	static final Argon2 HOUSE = new Argon2(Type.ARGON2ID, 19, 19_456, 2, 1);

	private static final int MOST_MEMORY = 128 * 1024;

	private static final int MOST_WORK = 512 * 1024;

	private static final int MOST_LANES = 16;

	private static final int LEAST_MEMORY_OF_A_LANE = 8;

	Argon2 {
		if (version != 19 && version != 16) {
			throw new HashFormatException("Argon2 version " + version + " (expected 19 or 16)");
		}
		if (iterations < 1 || parallelism < 1 || memory < LEAST_MEMORY_OF_A_LANE * (long) parallelism) {
			throw new HashFormatException("Argon2 m=" + memory + ",t=" + iterations + ",p=" + parallelism
					+ " (expected t and p of 1 or more, m of 8 p or more)");
		}
	}

	@Override
	public byte[] derive(String password, byte[] salt, int length) {
		Argon2BytesGenerator generator = new Argon2BytesGenerator();
		generator.init(new Argon2Parameters.Builder(this.type.number).withVersion(this.version)
			.withMemoryAsKB(this.memory)
			.withIterations(this.iterations)
			.withParallelism(this.parallelism)
			.withSalt(salt)
			.build());
		byte[] tag = new byte[length];
		generator.generateBytes(password.toCharArray(), tag);
		return tag;
	}

	@Override
	public String id() {
		return this.type.id + "$v=" + this.version;
	}

	@Override
	public String parameters() {
		return "m=" + this.memory + ",t=" + this.iterations + ",p=" + this.parallelism;
	}

	@Override
	public @Nullable String tooMuch(int length) {
		boolean fits = this.memory <= MOST_MEMORY && (long) this.memory * this.iterations <= MOST_WORK
				&& this.parallelism <= MOST_LANES;
		return fits ? null : "Argon2 " + parameters() + " (expected m up to " + MOST_MEMORY + ", m times t up to "
				+ MOST_WORK + ", p up to " + MOST_LANES + ")";
	}

	/**
	 * The three.
	 */
	enum Type {

		ARGON2D("argon2d", Argon2Parameters.ARGON2_d), ARGON2I("argon2i", Argon2Parameters.ARGON2_i),
		ARGON2ID("argon2id", Argon2Parameters.ARGON2_id);

		private final String id;

		private final int number;

		Type(String id, int number) {
			this.id = id;
			this.number = number;
		}

		static @Nullable Type find(String id) {
			for (Type type : values()) {
				if (type.id.equals(id)) {
					return type;
				}
			}
			return null;
		}

	}

}
