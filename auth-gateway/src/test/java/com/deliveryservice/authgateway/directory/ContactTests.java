package com.deliveryservice.authgateway.directory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ContactTests {

	@ParameterizedTest
	@ValueSource(strings = { "anna@example.org", "a.b+c@sub.example.org", "o'neil@example.co",
			"\u00E9@b\u00FCcher.example" })
	void anEmailIsOne(String email) {
		assertThat(Contact.email(email)).isNotNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "anna", "@example.org", "anna@", "anna@example", "a@b@example.org",
			"anna@example.org\r\nBcc: x@example.org", "an na@example.org", ".anna@example.org", "an..na@example.org",
			"anna@-example.org", "anna@exa_mple.org", "anna@example..org", "\"a b\"@example.org", "a\u0000@example.org",
			"anna@example.org ", "<anna@example.org>" })
	void whatIsNoEmailIsNone(String email) {
		assertThat(Contact.email(email)).isNull();
	}

	@Test
	void aTooLongEmailIsNone() {
		assertThat(Contact.email("a".repeat(65) + "@example.org")).isNull();
		assertThat(Contact.email("a@" + "example.".repeat(32) + "org")).isNull();
	}

	@Test
	void emailsAreComparedWithoutCase() {
		assertThat(Contact.email("Anna@Example.ORG")).isNotNull()
			.returns("anna@example.org", Contact::normalized)
			.returns("Anna@Example.ORG", Contact::written);
	}

	@ParameterizedTest
	@ValueSource(strings = { "+15550100", "+491701234567", "+999999999999999" })
	void aPhoneNumberIsOne(String phone) {
		assertThat(Contact.phone(phone)).isNotNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "15550100", "+05550100", "+1555", "+1555 0100", "+1-555-0100", "+9999999999999999",
			"+\u0661\u0665\u0665\u0665\u0660\u0661\u0660\u0660", "+15550100\n" })
	void whatIsNoPhoneNumberIsNone(String phone) {
		assertThat(Contact.phone(phone)).isNull();
	}

	@Test
	void theEmailIsVerifiedIfThereIsOne() {
		Contact email = Contact.email("anna@example.org");
		Contact phone = Contact.phone("+15550100");
		assertThat(Contact.toVerify(email, phone)).isSameAs(email);
		assertThat(Contact.toVerify(null, phone)).isSameAs(phone);
		assertThat(Contact.toVerify(null, null)).isNull();
	}

}
