package com.deliveryservice.authgateway.api;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
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
import org.springframework.util.MimeTypeUtils;

import tools.jackson.databind.json.JsonMapper;

/**
 * Takes UTF-8 and nothing else (RFC 8259 §8.1). Jackson would also guess UTF-16 and
 * UTF-32 from NUL bytes, which no UTF-8 JSON can hold, and skip a byte order mark, which
 * is no JSON.
 */
class StrictJsonDecoder extends JacksonJsonDecoder {

	private static final char BYTE_ORDER_MARK = '\ufeff';

	StrictJsonDecoder(JsonMapper mapper) {
		super(mapper);
		setMaxInMemorySize(BodyLimit.BYTES);
	}

	/**
	 * JSON by its very name, and in UTF-8: what says to be something else is not read as
	 * if it were not.
	 */
	@Override
	public boolean canDecode(ResolvableType elementType, @Nullable MimeType mimeType) {
		boolean json = mimeType == null || (MimeTypeUtils.APPLICATION_JSON.equalsTypeAndSubtype(mimeType)
				&& (mimeType.getCharset() == null || StandardCharsets.UTF_8.equals(mimeType.getCharset())));
		return json && super.canDecode(elementType, mimeType);
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
			CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
			if (text.toString().indexOf('\0') >= 0 || (!text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK)) {
				throw new DecodingException("A NUL byte or a byte order mark");
			}
		}
		catch (CharacterCodingException ex) {
			throw new DecodingException("Not UTF-8", ex);
		}
	}

}
