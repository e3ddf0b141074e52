# What has to be there before anything is measured: tools, jars, keys, tokens, running processes. Sourced by ../run.

install_tools() {
	local missing=() tool
	declare -A package=([nginx]=nginx-light [haproxy]=haproxy [wrk]=wrk [curl]=curl [pgrep]=procps)
	PATH=$PATH:/usr/sbin:/usr/local/sbin
	for tool in "${!package[@]}"; do
		command -v "$tool" >/dev/null || missing+=("${package[$tool]}")
	done
	command -v java >/dev/null || fail "needs a JDK 17 or newer on the PATH"
	if ((${#missing[@]})); then
		[[ $(id -u) == 0 ]] && command -v apt-get >/dev/null \
			|| fail "needs ${missing[*]}: install them (Debian: apt-get install ${missing[*]}), or run this as root on Debian"
		say "installing ${missing[*]} from Debian's packages"
		# their services are not wanted, only their programs
		{ timeout 300 apt-get update -qq && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive timeout 600 \
			apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >"$WORK/apt.log" 2>&1 \
			|| fail "apt-get failed; see $WORK/apt.log"
		hash -r
		for tool in "${!package[@]}"; do
			command -v "$tool" >/dev/null || fail "${package[$tool]} was installed, but there is no $tool; see $WORK/apt.log"
		done
	fi
	local version
	version=$(haproxy -v | sed -n 's/^HA-\{0,1\}Proxy version \([0-9]*\.[0-9]*\).*/\1/p')
	[[ $(printf '%s\n' 2.5 "$version" | sort -V | head -n 1) == 2.5 ]] || fail "HAProxy $version has no jwt_verify (2.5 has)"
}

# stale FILE FOLDER…: missing, or older than something in there
stale() {
	local file=$1
	shift
	[[ ! -e $file || -n $(find "$@" -type f -newer "$file" -print -quit) ]]
}

maven() { (cd "$ROOT" && timeout 1800 ./mvnw -B -ntp -q "$@") >"$WORK/maven.log" 2>&1 || fail "the build failed; see $WORK/maven.log"; }

build() {
	if wanted scg && stale "$PEER_JAR" "$HERE/peer-scg/src" "$HERE/peer-scg/pom.xml"; then
		say "building the peer: Spring Cloud Gateway"
		maven -f "$HERE/peer-scg/pom.xml" package
	fi
	if wanted gateway || wanted haproxy-es256 || has_live; then build_gateway; fi
	build_tools
}

# The tools without dependencies, and those that need Netty: from the gateway's own class path
build_tools() {
	local sources=("$HERE"/tools/report/*.java)
	has_live && sources+=("$HERE"/tools/live/*.java)
	rm -rf "$WORK/classes"
	javac -d "$WORK/classes" -cp "${TEST_CLASSPATH-}" "${sources[@]}" >"$WORK/javac.log" 2>&1 \
		|| fail "the tools do not compile; see $WORK/javac.log"
}

build_gateway() {
	local module=$ROOT/auth-gateway
	if stale "$GATEWAY_JAR" "$module/src/main" "$module/pom.xml" "$ROOT/pom.xml"; then
		say "building the gateway"
		maven -DskipTests package
		touch "$GATEWAY_JAR" # a reproducible jar is dated by the project, not by the clock
	fi
	# PostgreSQL and the stand-in of workflow-auth come from the gateway's test sources
	if [[ ! -e $module/target/test-classes ]] || stale "$WORK/test.classpath" "$module/src" "$module/pom.xml" "$ROOT/pom.xml"; then
		say "building what surrounds the gateway"
		maven -DskipTests test-compile dependency:build-classpath -pl auth-gateway -Dmdep.outputFile="$WORK/test.classpath" \
			-Dmdep.includeScope=test
		touch "$WORK/test.classpath"
	fi
	TEST_CLASSPATH=$module/target/test-classes:$module/target/classes:$(<"$WORK/test.classpath")
}

ports() {
	export BENCH_BACKEND_PORT=$PORT_BASE BENCH_GATEWAY_PORT=$((PORT_BASE + 1)) BENCH_INTERNAL_PORT=$((PORT_BASE + 2))
	export BENCH_SCG_PORT=$((PORT_BASE + 3)) BENCH_NGINX_PORT=$((PORT_BASE + 4)) BENCH_WORKFLOW_AUTH_PORT=$((PORT_BASE + 5))
	export BENCH_POSTGRES_PORT=$((PORT_BASE + 6)) BENCH_HAPROXY_ES256_PORT=$((PORT_BASE + 7)) BENCH_HAPROXY_RS256_PORT=$((PORT_BASE + 8))
	export BENCH_INTAKE_PORT=$((PORT_BASE + 9)) BENCH_COUNT_PORT=$((PORT_BASE + 10)) BENCH_LIVE_PORT=$((PORT_BASE + 11))
	export BENCH_BEFORE_PORT=$((PORT_BASE + 12)) BENCH_BEFORE_INTERNAL_PORT=$((PORT_BASE + 13))
	local port
	for ((port = PORT_BASE; port < PORT_BASE + 14; port++)); do
		! (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || fail "port $port is taken: --port-base N moves them all"
	done
}

secrets() {
	export BENCH_INTERNAL_SECRET BENCH_ENCRYPTION_KEY
	BENCH_INTERNAL_SECRET=$(head -c 24 /dev/urandom | base64)
	BENCH_ENCRYPTION_KEY=$(head -c 32 /dev/urandom | base64)
	export BENCH_AUDIENCE=delivery-api BENCH_ISSUER=http://localhost:$BENCH_GATEWAY_PORT
	export BENCH_DATABASE_URL=r2dbc:postgresql://127.0.0.1:$BENCH_POSTGRES_PORT/postgres
}

start_nginx() { # NAME
	sed -e "s|@WORK@|$WORK|; s|@BACKEND_PORT@|$BENCH_BACKEND_PORT|; s|@NGINX_PORT@|$BENCH_NGINX_PORT|; s|@INTAKE_PORT@|$BENCH_INTAKE_PORT|" \
		"$HERE/conf/nginx-$1.conf" >"$WORK/nginx-$1.conf"
	start "nginx-$1" nginx -e "$WORK/nginx-$1.log" -p "$WORK" -c "$WORK/nginx-$1.conf"
}

start_haproxy() { # ALGORITHM
	local name=${1,,} port=BENCH_HAPROXY_$1_PORT
	BENCH_HAPROXY_PORT=${!port} BENCH_HAPROXY_ALG=$1 BENCH_HAPROXY_KEY=$WORK/$name.pem \
		start "haproxy-$name" haproxy -db -f "$HERE/conf/haproxy.cfg"
	await "haproxy-$name" "http://127.0.0.1:${!port}/" 401 10
}

start_intake() {
	start haproxy-intake haproxy -db -f "$HERE/conf/haproxy-intake.cfg"
	await haproxy-intake "http://127.0.0.1:$BENCH_INTAKE_PORT/" 400 10
}

# an earlier build, beside the other: the same database, and so the same keys and tokens
start_before() {
	BENCH_GATEWAY_PORT=$BENCH_BEFORE_PORT BENCH_INTERNAL_PORT=$BENCH_BEFORE_INTERNAL_PORT \
		start before "$JAVA" ${BENCH_BEFORE_FLAGS:-$JVM_FLAGS} -jar "$AGAINST" --spring.config.additional-location="file:$HERE/conf/gateway.yaml"
	await before "http://127.0.0.1:$BENCH_BEFORE_INTERNAL_PORT/actuator/health/readiness" 200 180
}

start_gateway() { # OPTION…
	start gateway "$JAVA" $JVM_FLAGS -jar "$GATEWAY_JAR" --spring.config.additional-location="file:$HERE/conf/gateway.yaml" "$@"
	await gateway "http://127.0.0.1:$BENCH_INTERNAL_PORT/actuator/health/readiness" 200 180
}

start_peer() {
	start scg "$JAVA" $JVM_FLAGS -jar "$PEER_JAR" --server.address=127.0.0.1 --server.port="$BENCH_SCG_PORT" \
		--peer.backend="http://127.0.0.1:$BENCH_BACKEND_PORT" --peer.intake="http://127.0.0.1:$BENCH_INTAKE_PORT" \
		--peer.live="http://127.0.0.1:$BENCH_LIVE_PORT" --spring.cloud.gateway.server.webflux.httpclient.pool.max-connections=6000 \
		--spring.security.oauth2.resourceserver.jwt.public-key-location="file:$WORK/rs256.pem" \
		--spring.security.oauth2.resourceserver.jwt.audiences="$BENCH_AUDIENCE"
	await scg "http://127.0.0.1:$BENCH_SCG_PORT/api/customer/orders" 401 180
}

# Real people, signed up and in through the gateway's own API. Only for that does it trust this machine to say where they come
# from; then it starts afresh as it is measured. PostgreSQL and the stand-in of workflow-auth stay for the whole run.
sign_in() {
	say "signing $TOKENS people up and in"
	start surroundings "$JAVA" -Xmx256m -cp "$TEST_CLASSPATH" "$HERE/tools/Surroundings.java"
	await_line surroundings READY 90
	start_gateway --auth-gateway.trusted-proxies=127.0.0.1/32
	timeout 600 "$JAVA" -cp "$TEST_CLASSPATH" "$HERE/tools/SignIn.java" "$WORK" "$TOKENS" \
		"http://127.0.0.1:$BENCH_GATEWAY_PORT" "http://localhost:$BENCH_WORKFLOW_AUTH_PORT" >"$WORK/sign-in.log" 2>&1 \
		|| fail "could not sign in: $(grep -m 1 -E 'Exception|error' "$WORK/sign-in.log")"
	stop gateway
	start_gateway
}

set_up() {
	secrets
	bodies
	start_nginx backend
	await nginx-backend "http://127.0.0.1:$BENCH_BACKEND_PORT/" 200 10
	start_intake
	"$JAVA" "$HERE/tools/Rs256Tokens.java" "$WORK" "$TOKENS" "$BENCH_ISSUER" "$BENCH_AUDIENCE" || fail "no RS256 tokens"
	if wanted gateway || wanted haproxy-es256 || wanted before; then sign_in; fi
	if wanted scg; then start_peer; fi
	if wanted haproxy-es256; then start_haproxy ES256; fi
	if wanted haproxy-rs256; then start_haproxy RS256; fi
	if wanted nginx; then
		start_nginx proxy
		await nginx-proxy "http://127.0.0.1:$BENCH_NGINX_PORT/" 200 10
	fi
	if wanted before; then start_before; fi
	local target
	for target in "${TARGETS[@]}"; do check "$target"; done
}
