package com.deliveryservice.authgateway.audit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

import com.deliveryservice.authgateway.audit.AuditController.Event;
import com.deliveryservice.authgateway.audit.AuditController.Page;
import com.deliveryservice.authgateway.database.MigratedDatabase;
import com.deliveryservice.authgateway.identity.Caller;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.problem.ProblemException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class AuditApiTests {

	private static final UUID ANNA = UUID.fromString("0a000000-0000-4000-8000-000000000001");

	private final MigratedDatabase database = MigratedDatabase.create();

	private final AuditFixture audit = new AuditFixture(this.database);

	private final AuditController controller = new AuditController(new EventReader(this.database.database()));

	@AfterEach
	void close() {
		this.database.close();
	}

	@Test
	void pagesGiveEachEventOnceTheNewestFirst() {
		for (int i = 0; i < 250; i++) {
			note(SecurityEvent.of(EventType.SIGN_IN_FAILED).with("number", i));
		}
		this.audit.flush();
		List<Event> all = new ArrayList<>();
		MultiValueMap<String, String> asked = new LinkedMultiValueMap<>();
		String token;
		do {
			Page page = get("admin", asked);
			all.addAll(page.events());
			token = page.nextPageToken();
			asked.set("page_token", String.valueOf(token));
		}
		while (token != null);
		assertThat(all).hasSize(250).extracting(Event::id).doesNotHaveDuplicates();
		assertThat(all).extracting(Event::at).isSortedAccordingTo((a, b) -> b.compareTo(a));
	}

	@Test
	void userTypeAndTimeNarrowTheAnswer() {
		note(SecurityEvent.of(EventType.SIGN_IN_FAILED).about(ANNA));
		note(SecurityEvent.of(EventType.SIGN_OUT).about(ANNA));
		note(SecurityEvent.of(EventType.SIGN_OUT).about(UUID.randomUUID()));
		this.audit.flush();
		assertThat(get("admin", parameter("user_id", ANNA.toString())).events()).hasSize(2);
		MultiValueMap<String, String> both = parameter("user_id", ANNA.toString());
		both.set("type", "sign_out");
		assertThat(get("admin", both).events()).singleElement().extracting(Event::userId).isEqualTo(ANNA);
		assertThat(get("admin", parameter("from", "2020-01-01T00:00:00+02:00")).events()).hasSize(3);
		assertThat(get("admin", parameter("from", Instant.now().plusSeconds(60).toString())).events()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "customer", "manager", "courier" })
	void nobodyButAnAdminReadsIt(String userType) {
		refuses(ProblemCode.FORBIDDEN, userType, new LinkedMultiValueMap<>());
	}

	@ParameterizedTest
	@CsvSource({ "user_id,anna", "user_id,1-1-1-1-1", "type,everything", "from,yesterday", "from,2026-11-24",
			"page_token,!!", "page_token,bm9uZQ", "user_id,''" })
	void aBadParameterIsNamed(String name, String value) {
		refuses(ProblemCode.VALIDATION_FAILED, "admin", parameter(name, value));
	}

	private void refuses(ProblemCode code, String userType, MultiValueMap<String, String> parameters) {
		assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> get(userType, parameters))
			.extracting((failure) -> failure.problem().code())
			.isEqualTo(code);
	}

	private Page get(String userType, MultiValueMap<String, String> parameters) {
		Caller caller = new Caller(ANNA, userType, "", Set.of(), ANNA, Instant.EPOCH, Instant.EPOCH);
		return Objects.requireNonNull(
				this.controller.events(caller, parameters).blockOptional(AuditFixture.WAIT).orElseThrow().getBody());
	}

	private void note(SecurityEvent event) {
		this.audit.trail().note(event).block(AuditFixture.WAIT);
	}

	private static MultiValueMap<String, String> parameter(String name, String value) {
		MultiValueMap<String, String> parameters = new LinkedMultiValueMap<>();
		parameters.set(name, value);
		return parameters;
	}

}
