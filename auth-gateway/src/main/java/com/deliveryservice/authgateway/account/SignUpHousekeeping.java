package com.deliveryservice.authgateway.account;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.directory.Invitations;
import com.deliveryservice.authgateway.directory.PasswordResets;
import com.deliveryservice.authgateway.directory.SignUpClosings;
import com.deliveryservice.authgateway.directory.SignUpClosings.Closing;
import com.deliveryservice.authgateway.protection.WindowCounts;
import com.deliveryservice.authgateway.workflowauth.SignUpClosingCode;
import com.deliveryservice.authgateway.workflowauth.WorkflowAuth;

/**
 * Closes what has expired, tells workflow-auth how sign-ups ended without making a client
 * wait for it, and forgets what is over.
 */
@Component
class SignUpHousekeeping implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(SignUpHousekeeping.class);

	private static final Duration EVERY = Duration.ofSeconds(1);

	/** Longer than any round takes whose calls keep their deadlines. */
	private static final Duration LONGEST_ROUND = Duration.ofSeconds(25);

	private static final int ROUNDS_UNTIL_FORGETTING = 60;

	private static final int TOLD_IN_A_ROUND = 20;

	private static final int TOLD_AT_ONCE = 4;

	private final Database database;

	private final SignUpClosings closings;

	private final Invitations invitations;

	private final PasswordResets resets;

	private final WindowCounts counts;

	private final WorkflowAuth workflowAuth;

	private volatile @Nullable Disposable running;

	SignUpHousekeeping(Database database, SignUpClosings closings, Invitations invitations, PasswordResets resets,
			WindowCounts counts, WorkflowAuth workflowAuth) {
		this.database = database;
		this.closings = closings;
		this.invitations = invitations;
		this.resets = resets;
		this.counts = counts;
		this.workflowAuth = workflowAuth;
	}

	@Override
	public void start() {
		this.running = this.database.ready()
			.thenMany(Flux.interval(EVERY).onBackpressureDrop())
			.concatMap((round) -> round(round).timeout(LONGEST_ROUND).onErrorResume(SignUpHousekeeping::later), 1)
			.subscribe((done) -> {
			}, (failure) -> logger.error("Sign-ups are looked after no more", failure));
	}

	@Override
	public void stop() {
		Disposable disposable = this.running;
		if (disposable != null) {
			disposable.dispose();
		}
		this.running = null;
	}

	@Override
	public boolean isRunning() {
		return this.running != null;
	}

	/**
	 * One round.
	 * @param number from 0 on
	 */
	Mono<Void> round(long number) {
		Mono<Void> forget = (number % ROUNDS_UNTIL_FORGETTING == 0) ? this.closings.forget()
			.then(this.invitations.forget())
			.then(this.resets.forget())
			.then(this.counts.forget()) : Mono.empty();
		return this.closings.expire()
			.thenMany(this.closings.claim(TOLD_IN_A_ROUND))
			.flatMap(this::tell, TOLD_AT_ONCE)
			.then(forget);
	}

	/**
	 * Both that it was taken and that it was refused is an answer.
	 */
	private Mono<Void> tell(Closing closing) {
		return this.workflowAuth
			.deadline(this.workflowAuth.verifySignUp(closing.signUpGuid(), closing.tries(), codeOf(closing)))
			.flatMap((taken) -> this.closings.told(closing.id()))
			.onErrorResume((failure) -> {
				logger.info("workflow-auth is told later that sign-up {} ended as {}: {}", closing.id(),
						closing.closingCode(), failure.getMessage());
				return this.closings.untold(closing.id());
			});
	}

	private static SignUpClosingCode codeOf(Closing closing) {
		for (SignUpClosingCode code : SignUpClosingCode.values()) {
			if (code.wireName().equals(closing.closingCode())) {
				return code;
			}
		}
		throw new IllegalStateException("unknown closing code of sign-up " + closing.id());
	}

	private static Mono<Void> later(Throwable failure) {
		logger.debug("Sign-ups are looked after later: {}", failure.toString());
		return Mono.empty();
	}

}
