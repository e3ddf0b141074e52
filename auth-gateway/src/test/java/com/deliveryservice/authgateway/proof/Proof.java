package com.deliveryservice.authgateway.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.deliveryservice.authgateway.forward.CapturingOrigin;

/**
 * Runs the catalogue against a gateway that runs elsewhere on this machine, set up as
 * {@link Subject} says with waits of a second and a keep-alive of three, and leaves a
 * line for each case: number, title, expected, whether it went so, what was seen; with
 * tabs between. Usage: {@code Proof GATEWAY_PORT ORIGIN_PORT TOKEN_FILE RESULTS}.
 */
final class Proof {

	private Proof() {
	}

	public static void main(String[] args) throws IOException {
		String token = Files.readAllLines(Path.of(args[2])).get(0);
		List<String> lines = new ArrayList<>();
		try (CapturingOrigin origin = CapturingOrigin.start(Integer.parseInt(args[1]), CapturingOrigin.hello())) {
			Trial trial = new Trial(new Subject(Integer.parseInt(args[0]), origin, token, Duration.ofSeconds(1),
					Duration.ofSeconds(3)));
			for (Case one : Catalogue.all()) {
				Case.Outcome outcome = one.run(trial);
				lines.add(String.join("\t", one.number(), one.title(), one.expected(), String.valueOf(outcome.passed()),
						outcome.seen()));
				System.err.println((outcome.passed() ? "pass " : "FAIL ") + one.number() + " " + one.title() + ": "
						+ outcome.seen());
			}
		}
		Files.write(Path.of(args[3]), lines);
	}

}
