package com.deliveryservice.authgateway.token;

import com.deliveryservice.authgateway.identity.Caller;
import com.deliveryservice.authgateway.key.SigningKey;

/**
 * What is kept of a token once it was verified.
 *
 * @param caller whom it speaks for
 * @param key what it was signed with
 * @param endsAt from when on it is refused, in ms since 1970
 */
record VerifiedToken(Caller caller, SigningKey key, long endsAt) {

}
