package com.deliveryservice.authgateway.account;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.directory.Callbacks;
import com.deliveryservice.authgateway.workflowauth.SessionToken;
import com.deliveryservice.authgateway.workflowauth.SignUpClosingCode;
import com.deliveryservice.authgateway.workflowauth.UserCreation;
import com.deliveryservice.authgateway.workflowauth.UserCredentials;
import com.deliveryservice.authgateway.workflowauth.WorkflowAuth;
import com.deliveryservice.authgateway.workflowauth.WorkflowAuthUnavailableException;

/**
 * workflow-auth as the sign-up sees it: calls the auth backend back, "sends" the code
 * 042137, and misbehaves as a test says.
 */
class ScriptedWorkflowAuth implements WorkflowAuth {

	static final String CODE = "042137";

	final List<UserCredentials> added = new CopyOnWriteArrayList<>();

	final List<Told> told = new CopyOnWriteArrayList<>();

	private final Supplier<Callbacks> callbacks;

	private final Map<String, String> ownGuids = new ConcurrentHashMap<>();

	private volatile boolean hasOwnGuids;

	private volatile @Nullable String code = CODE;

	private volatile @Nullable Supplier<Mono<UserCreation>> addUserInstead;

	private volatile Fault verifyFault = Fault.NONE;

	ScriptedWorkflowAuth(Supplier<Callbacks> callbacks) {
		this.callbacks = callbacks;
	}

	void behave() {
		this.added.clear();
		this.told.clear();
		this.hasOwnGuids = false;
		this.code = CODE;
		this.addUserInstead = null;
		this.verifyFault = Fault.NONE;
	}

	void code(@Nullable String code) {
		this.code = code;
	}

	void ownGuids() {
		this.hasOwnGuids = true;
	}

	void addUserInstead(Supplier<Mono<UserCreation>> instead) {
		this.addUserInstead = instead;
	}

	void verifyFault(Fault fault) {
		this.verifyFault = fault;
	}

	static <T> Mono<T> away() {
		return Mono.error(() -> new WorkflowAuthUnavailableException("away", null));
	}

	@Override
	public Mono<UserCreation> addUser(UserCredentials user) {
		this.added.add(user);
		Supplier<Mono<UserCreation>> instead = this.addUserInstead;
		if (instead != null) {
			return instead.get();
		}
		return this.callbacks.get()
			.addUser(user.login(), user.email(), user.phoneNumber(), user.password())
			.map((guid) -> new UserCreation(true, false, guidFor(guid), this.code))
			.defaultIfEmpty(new UserCreation(false, true, null, null));
	}

	@Override
	public Mono<Boolean> verifySignUp(String signUpGuid, int tries, SignUpClosingCode closingCode) {
		Fault fault = this.verifyFault;
		if (fault == Fault.AWAY) {
			return away();
		}
		this.told.add(new Told(signUpGuid, tries, closingCode));
		if (fault == Fault.LIES) {
			return Mono.just(true);
		}
		Mono<Boolean> done = this.callbacks.get()
			.verifySignUp(this.ownGuids.getOrDefault(signUpGuid, signUpGuid), closingCode.wireName());
		return (fault == Fault.FAILS_AFTERWARDS) ? done.then(away()) : done;
	}

	@Override
	public Mono<UUID> verifyUserCredentials(UserCredentials credentials) {
		return this.callbacks.get()
			.verifyUserCredentials(credentials.login(), credentials.password())
			.map(UUID::fromString);
	}

	@Override
	public Mono<SessionToken> getTokenByUserUid(UUID userId) {
		return Mono.empty();
	}

	@Override
	public <T> Mono<T> deadline(Mono<T> calls) {
		return calls.timeout(Duration.ofSeconds(5), away());
	}

	private String guidFor(String guid) {
		if (!this.hasOwnGuids) {
			return guid;
		}
		String own = UUID.nameUUIDFromBytes(guid.getBytes(java.nio.charset.StandardCharsets.UTF_8)).toString();
		this.ownGuids.put(own, guid);
		return own;
	}

	enum Fault {

		NONE, AWAY, LIES, FAILS_AFTERWARDS

	}

	record Told(String guid, int tries, SignUpClosingCode closingCode) {

	}

}
