package com.deliveryservice.authgateway.staff;

import java.time.Instant;
import java.util.UUID;

/**
 * Where a page ended: the next one begins behind it.
 *
 * @param createdAt of the last row, to the microsecond
 * @param id of the last row
 */
record PageToken(Instant createdAt, UUID id) {

}
