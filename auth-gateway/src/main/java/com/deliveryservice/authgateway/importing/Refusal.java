package com.deliveryservice.authgateway.importing;

/**
 * Why a row was not taken. Holds no secret and nothing of the row but what is wrong.
 *
 * @param line where the row begins in the file
 * @param field which one is wrong; empty: the row as a whole
 * @param reason for a person to read
 */
record Refusal(long line, String field, String reason) {

}
