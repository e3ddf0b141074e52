// Calls a running gateway with independent implementations of the standards: oauth4webapi (RFC 6749, 6750, 7009, 7662, 8414)
// and jose (RFC 7515, 7517, 9068). What they refuse, a client app's library may refuse as well.
//
//   node standards.mjs '{"issuer":…,"internal":…,"client":…,"secret":…,"login":…,"password":…,"backend":…,"forbidden":…}'

import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import test from 'node:test';

globalThis.crypto ??= webcrypto; // Node.js 18
const oauth = await import('oauth4webapi');
const jose = await import('jose');

const given = JSON.parse(process.argv[2]);
const issuer = new URL(given.issuer);
const options = { [oauth.allowInsecureRequests]: true, signal: () => AbortSignal.timeout(10_000) };
const app = { client_id: 'app' }; // the gateway knows no client: the refresh token is the credential
const backend = { client_id: given.client };

const as = await oauth.processDiscoveryResponse(issuer,
	await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...options }));
const introspecting = { ...as, introspection_endpoint: `${given.internal}/oauth2/introspect` };
const keys = jose.createRemoteJWKSet(new URL(as.jwks_uri));

async function signIn() {
	const answer = await fetch(new URL('/auth/sign-in', issuer), {
		method: 'POST',
		headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify({ login: given.login, password: given.password }),
		signal: AbortSignal.timeout(10_000),
	});
	assert.equal(answer.status, 200);
	return answer.json();
}

async function refresh(token) {
	return oauth.processRefreshTokenResponse(as, app,
		await oauth.refreshTokenGrantRequest(as, app, oauth.None(), token, options));
}

async function revoke(token) {
	return oauth.processRevocationResponse(await oauth.revocationRequest(as, app, oauth.None(), token, options));
}

async function introspect(token, secret = given.secret) {
	return oauth.processIntrospectionResponse(introspecting, backend,
		await oauth.introspectionRequest(introspecting, backend, oauth.ClientSecretBasic(secret), token, options));
}

/** RFC 9068 §4, but for client_id: nobody registers clients here. */
function verify(token) {
	return jose.jwtVerify(token, keys, {
		issuer: given.issuer,
		audience: 'delivery-api',
		typ: 'at+jwt',
		algorithms: ['ES256'],
		requiredClaims: ['iss', 'exp', 'aud', 'sub', 'iat', 'jti'],
	});
}

function call(path, token) {
	return oauth.protectedResourceRequest(token, 'GET', new URL(path, issuer), undefined, undefined, options);
}

async function challengeOf(answer) {
	try {
		await answer;
	} catch (failure) {
		assert.ok(failure instanceof oauth.WWWAuthenticateChallengeError, failure);
		assert.equal(failure.cause.length, 1);
		return { status: failure.status, ...failure.cause[0] };
	}
	return assert.fail('no challenge');
}

async function oauthErrorOf(answer) {
	try {
		await answer;
	} catch (failure) {
		assert.ok(failure instanceof oauth.ResponseBodyError, failure);
		return { status: failure.status, error: failure.error };
	}
	return assert.fail('no error');
}

test('the metadata names the issuer and its endpoints (RFC 8414)', () => {
	assert.equal(as.issuer, given.issuer);
	for (const endpoint of [as.token_endpoint, as.revocation_endpoint, as.jwks_uri]) {
		assert.equal(new URL(endpoint).origin, issuer.origin);
	}
	assert.deepEqual(as.grant_types_supported, ['refresh_token']);
	assert.deepEqual(as.token_endpoint_auth_methods_supported, ['none']);
	assert.equal(as.introspection_endpoint, undefined);
});

test('the key set holds public keys alone, each with kid, use and alg (RFC 7517)', async () => {
	const answer = await fetch(as.jwks_uri, { signal: AbortSignal.timeout(10_000) });
	const set = await answer.json();
	assert.ok(set.keys.length > 0);
	for (const key of set.keys) {
		assert.equal(key.d, undefined);
		assert.ok(key.kid && key.alg === 'ES256' && key.use === 'sig');
		assert.equal((await jose.importJWK(key)).type, 'public');
	}
});

test('an access token is an at+jwt that verifies by the key set (RFC 9068)', async () => {
	const { access_token: token, user, session_id: session } = await signIn();
	const { payload, protectedHeader } = await verify(token);
	assert.equal(protectedHeader.typ, 'at+jwt');
	assert.equal(payload.sub, user.id);
	assert.equal(payload.sid, session);
	assert.equal(payload.exp - payload.iat, 300);
});

test('the one claim of RFC 9068 that it lacks is client_id', async () => {
	const { access_token: token } = await signIn();
	const request = new Request(new URL('/auth/me', issuer), { headers: { Authorization: `Bearer ${token}` } });
	await assert.rejects(oauth.validateJwtAccessToken(as, request, 'delivery-api', options),
		{ code: oauth.INVALID_RESPONSE, message: 'JWT "client_id" (client id) claim missing' });
});

test('a changed access token does not verify, and is not taken', async () => {
	const { access_token: token } = await signIn();
	const [header, payload, signature] = token.split('.');
	const claims = { ...jose.decodeJwt(token), user_type: 'admin' };
	const changed = [header, jose.base64url.encode(JSON.stringify(claims)), signature].join('.');
	assert.notEqual(changed, [header, payload, signature].join('.'));
	await assert.rejects(verify(changed), { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
	assert.equal((await challengeOf(call('/auth/me', changed))).parameters.error, 'invalid_token');
});

test('a refresh gives the token response of RFC 6749', async () => {
	const { refresh_token: first, scope } = await signIn();
	const tokens = await refresh(first);
	assert.equal(tokens.token_type, 'bearer');
	assert.equal(tokens.expires_in, 300);
	assert.equal(tokens.scope, scope);
	assert.notEqual(tokens.refresh_token, first);
	await verify(tokens.access_token);
	assert.equal((await call('/auth/me', tokens.access_token)).status, 200);
});

test('errors of the token endpoint are those of RFC 6749', async () => {
	assert.deepEqual(await oauthErrorOf(refresh('nonsense')), { status: 400, error: 'invalid_grant' });
	const { access_token: token } = await signIn();
	assert.deepEqual(await oauthErrorOf(refresh(token)), { status: 400, error: 'invalid_grant' });
	const other = oauth.processGenericTokenEndpointResponse(as, app, await oauth.genericTokenEndpointRequest(as, app,
		oauth.None(), 'password', { username: given.login, password: given.password }, options));
	assert.deepEqual(await oauthErrorOf(other), { status: 400, error: 'unsupported_grant_type' });
	const none = oauth.processGenericTokenEndpointResponse(as, app, await oauth.genericTokenEndpointRequest(as, app,
		oauth.None(), 'refresh_token', {}, options));
	assert.deepEqual(await oauthErrorOf(none), { status: 400, error: 'invalid_request' });
});

test('a replayed refresh token is an invalid grant, and ends the session', async () => {
	const { refresh_token: first } = await signIn();
	const second = await refresh(first);
	const third = await refresh(second.refresh_token);
	assert.deepEqual(await oauthErrorOf(refresh(first)), { status: 400, error: 'invalid_grant' });
	assert.deepEqual(await oauthErrorOf(refresh(third.refresh_token)), { status: 400, error: 'invalid_grant' });
	assert.equal((await challengeOf(call('/auth/me', third.access_token))).parameters.error, 'invalid_token');
});

test('revocation ends the session of either token and knows no unknown one (RFC 7009)', async () => {
	const byRefreshToken = await signIn();
	await revoke(byRefreshToken.refresh_token);
	assert.deepEqual(await oauthErrorOf(refresh(byRefreshToken.refresh_token)), { status: 400, error: 'invalid_grant' });
	const byAccessToken = await signIn();
	await revoke(byAccessToken.access_token);
	assert.equal((await challengeOf(call('/auth/me', byAccessToken.access_token))).status, 401);
	await revoke('nonsense');
	await revoke(byAccessToken.access_token);
});

test('introspection tells about an access token, and nothing about any other (RFC 7662)', async () => {
	const { access_token: token, refresh_token: refreshToken, user, session_id: session } = await signIn();
	const told = await introspect(token);
	const claims = jose.decodeJwt(token);
	assert.equal(told.active, true);
	assert.equal(told.sub, user.id);
	assert.equal(told.sid, session);
	for (const claim of ['iss', 'aud', 'sub', 'sid', 'jti', 'iat', 'exp', 'scope', 'user_type', 'session_exp']) {
		assert.deepEqual(told[claim], claims[claim], claim);
	}
	assert.deepEqual(await introspect(refreshToken), { active: false });
	await revoke(refreshToken);
	assert.deepEqual(await introspect(token), { active: false });
});

test('a wrong client of introspection is challenged (RFC 6749, RFC 7617)', async () => {
	const challenge = await challengeOf(introspect('nonsense', 'wrong'));
	assert.equal(challenge.status, 401);
	assert.equal(challenge.scheme, 'basic');
});

test('challenges of protected resources are those of RFC 6750', async () => {
	const { access_token: token, refresh_token: refreshToken } = await signIn();
	assert.equal((await call(given.backend, token)).status, 200);
	const forbidden = await challengeOf(call(given.forbidden, token));
	assert.equal(forbidden.status, 403);
	assert.equal(forbidden.parameters.error, 'insufficient_scope');
	await revoke(refreshToken);
	const ended = await challengeOf(call(given.backend, token));
	assert.equal(ended.status, 401);
	assert.equal(ended.scheme, 'bearer');
	assert.deepEqual(ended.parameters, { realm: 'auth-gateway', error: 'invalid_token' });
});
