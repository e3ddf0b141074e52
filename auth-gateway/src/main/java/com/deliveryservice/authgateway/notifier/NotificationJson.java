package com.deliveryservice.authgateway.notifier;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A notification on the wire (contract/configuration.md); it waits in the same form.
 */
final class NotificationJson {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private NotificationJson() {
	}

	static String write(Notification notification) {
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("to", notification.to());
		body.put("channel", notification.channel().word());
		body.put("template", notification.template().word());
		body.put("data", notification.data());
		return JSON.writeValueAsString(body);
	}

	/**
	 * Reads one that was written by any version of this class.
	 * @return it, or {@code null} if this version cannot read it
	 */
	static @Nullable Notification read(String text) {
		try {
			JsonNode body = JSON.readTree(text);
			Map<String, String> data = new LinkedHashMap<>();
			body.path("data").properties().forEach((entry) -> data.put(entry.getKey(), entry.getValue().stringValue()));
			Notification.Channel channel = body.path("channel").stringValue().equals("phone")
					? Notification.Channel.PHONE : Notification.Channel.EMAIL;
			return new Notification(body.path("to").stringValue(), channel,
					Notification.Template.of(body.path("template").stringValue()), data);
		}
		catch (JacksonException | IllegalArgumentException ex) {
			// not its message, which quotes the text
			return null;
		}
	}

}
