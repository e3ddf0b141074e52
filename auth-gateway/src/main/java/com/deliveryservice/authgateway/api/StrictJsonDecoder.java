package com.deliveryservice.authgateway.api;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.core.codec.DecodingException;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.codec.json.JacksonJsonDecoder;
import org.springframework.util.MimeType;

import tools.jackson.databind.json.JsonMapper;

/**
 * Takes UTF-8 and nothing else (RFC 8259 §8.1). Jackson would also guess UTF-16 and
 * UTF-32 from NUL bytes, which no UTF-8 JSON can hold.
 */
class StrictJsonDecoder extends JacksonJsonDecoder {

	StrictJsonDecoder(JsonMapper mapper) {
		super(mapper);
		setMaxInMemorySize(BodyLimit.BYTES);
	}

	@Override
	public Object decode(DataBuffer buffer, ResolvableType targetType, @Nullable MimeType mimeType,
			@Nullable Map<String, Object> hints) {
		byte[] bytes = new byte[buffer.readableByteCount()];
		buffer.read(bytes);
		DataBufferUtils.release(buffer);
		requireUtf8(bytes);
		return super.decode(DefaultDataBufferFactory.sharedInstance.wrap(bytes), targetType, mimeType, hints);
	}

	private static void requireUtf8(byte[] bytes) {
		try {
			if (StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString().indexOf('\0') >= 0) {
				throw new DecodingException("A NUL byte");
			}
		}
		catch (CharacterCodingException ex) {
			throw new DecodingException("Not UTF-8", ex);
		}
	}

}
