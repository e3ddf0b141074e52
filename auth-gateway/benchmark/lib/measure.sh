# Load, and what it costs. Sourced by ../run.

RESOURCE=/api/customer/orders/42?expand=items

port_of() {
	case $1 in
		gateway) echo "$BENCH_GATEWAY_PORT" ;;
		scg) echo "$BENCH_SCG_PORT" ;;
		haproxy-es256) echo "$BENCH_HAPROXY_ES256_PORT" ;;
		haproxy-rs256) echo "$BENCH_HAPROXY_RS256_PORT" ;;
		nginx) echo "$BENCH_NGINX_PORT" ;;
		*) echo "$BENCH_BACKEND_PORT" ;;
	esac
}

process_of() {
	case $1 in
		nginx | backend) echo "nginx-${1/nginx/proxy}" ;;
		*) echo "$1" ;;
	esac
}

tokens_of() {
	case $1 in
		gateway | haproxy-es256) echo "$WORK/es256.tokens" ;;
		*) echo "$WORK/rs256.tokens" ;;
	esac
}

status_with() { # TARGET TOKEN
	curl -s -m 5 -o "$WORK/answer" -w '%{http_code}' -H "Authorization: Bearer $2" "http://127.0.0.1:$(port_of "$1")$RESOURCE"
}

expect() { # TARGET WHAT TOKEN STATUS
	local status
	status=$(status_with "$1" "$3")
	[[ $status == "$4" ]] || fail "$1 answered $status to $2 (expected $4): $(head -c 300 "$WORK/answer")"
}

# Each target lets a good token through to the backend; each but the bare ones refuses the others.
check() {
	local token
	token=$(head -n 1 "$(tokens_of "$1")")
	expect "$1" "a good token" "$token" 200
	[[ $(wc -c <"$WORK/answer") == 116 ]] || fail "$1 did not give the backend's answer: $(head -c 300 "$WORK/answer")"
	[[ $1 == nginx || $1 == backend ]] && return
	expect "$1" "no token" "" 401
	expect "$1" "a broken signature" "${token%??????????}AAAAAAAAAA" 401
	[[ $(tokens_of "$1") == */es256.tokens ]] && return
	expect "$1" "an expired token" "$(<"$WORK/rs256.expired")" 401
	expect "$1" "a token for another audience" "$(<"$WORK/rs256.other-audience")" 401
}

check_all() {
	local target
	for target in "${TARGETS[@]}"; do check "$target"; done
}

seen_by_backend() {
	curl -s -m 5 "http://127.0.0.1:$BENCH_BACKEND_PORT/stub_status" | awk 'NR == 3 { print $3 }'
}

# load TARGET SECONDS: the numbers of load.lua, after counting that each answer was the backend's and none an error
load() {
	local target=$1 before after numbers
	before=$(seen_by_backend)
	numbers=$(timeout $(($2 + 30)) wrk -t1 -c"$CONNECTIONS" -d"$2s" --timeout 5s -s "$HERE/conf/load.lua" \
		"http://127.0.0.1:$(port_of "$target")$RESOURCE" -- "$(tokens_of "$target")" | sed -n 's/^RESULT //p')
	[[ -n $numbers ]] || fail "$target: the load generator gave no numbers"
	after=$(seen_by_backend)
	set -- $numbers
	(($5 == 0)) || fail "$target: $5 of $1 ANSWERS WERE NOT 2xx: THIS RUN IS VOID"
	(($6 == 0)) || fail "$target: $6 connections or requests FAILED: THIS RUN IS VOID"
	(($1 > 0)) || fail "$target: nothing was answered: THIS RUN IS VOID"
	# the last question for the count is itself in it; what was in flight at the end may be
	local seen=$((after - before - 1))
	((seen >= $1 && seen <= $1 + 2 * CONNECTIONS)) || fail "$target: $1 answers, but the backend saw $seen requests: THIS RUN IS VOID"
	NUMBERS=$numbers
}

COLD=() # JVMs that did not get warm in time

# A JVM is warm when it has answered WARM_REQUESTS and its compilers have been all but idle for two times five seconds (under 5 %
# of its CPU time); WARM_UP seconds are the bound.
warm_up_jvm() {
	local target=$1 pid=${PID[$1]} end=$((SECONDS + WARM_UP)) answered=0 calm=0 cpu compilers
	while ((SECONDS < end && (answered < WARM_REQUESTS || calm < 2))); do
		cpu=$(cpu_ticks "$pid") compilers=$(cpu_ticks_of_compilers "$pid")
		load "$target" 5
		answered=$((answered + ${NUMBERS%% *})) cpu=$(($(cpu_ticks "$pid") - cpu))
		compilers=$(($(cpu_ticks_of_compilers "$pid") - compilers))
		calm=$((compilers * 20 < cpu ? calm + 1 : 0))
	done
	say "$target has warmed up with $answered requests"
	if ((calm < 2 || answered < WARM_REQUESTS)); then
		COLD+=("$target")
		say "$target IS NOT WARM after $WARM_UP s: its figures will be too bad"
	fi
}

warm_up() {
	local target
	for target in "${TARGETS[@]}"; do
		case $target in
			gateway | scg) warm_up_jvm "$target" ;;
			*) load "$target" 2 ;;
		esac
	done
}

# measure ROUND TARGET: one line into results.tsv
measure() {
	local round=$1 target=$2 pid=${PID[$(process_of "$2")]} cpu backend machine children others=0
	cpu=$(cpu_ticks "$pid") backend=$(cpu_ticks "${PID[nginx-backend]}")
	children=$(cpu_ticks_of_children) machine=$(cpu_ticks_of_machine)
	load "$target" "$DURATION"
	machine=$(($(cpu_ticks_of_machine) - machine)) children=$(($(cpu_ticks_of_children) - children))
	backend=$(($(cpu_ticks "${PID[nginx-backend]}") - backend)) cpu=$(($(cpu_ticks "$pid") - cpu))
	[[ $target == backend ]] && others=$((machine - children - cpu)) || others=$((machine - children - cpu - backend))
	set -- $NUMBERS
	awk -v OFS='\t' -v round="$round" -v target="$target" -v requests="$1" -v us="$2" -v p50="$3" -v p99="$4" -v cpu="$cpu" \
		-v others="$others" -v tick="$(getconf CLK_TCK)" -v cores="$(nproc)" 'BEGIN {
			print round, target, requests * 1e6 / us, p50, p99, cpu / tick * 1e6 / requests, others / tick * 1e6 / us / cores }' \
		| tee -a "$WORK/results.tsv" | awk -F'\t' '{
			printf "round %d %-14s %8.0f requests/s  p50 %7.2f ms  p99 %7.2f ms  %7.1f µs CPU per request\n", $1, $2, $3, $4 / 1e3, $5 / 1e3, $6 }' >&2
}

# Alternating, each round beginning with another target, so that a slow minute of the machine does not hit one alone.
rounds() {
	local round i count=${#TARGETS[@]}
	: >"$WORK/results.tsv"
	for ((round = 1; round <= ROUNDS; round++)); do
		for ((i = 0; i < count; i++)); do
			measure "$round" "${TARGETS[(i + round - 1) % count]}"
		done
	done
}

report() {
	{
		echo "kind=$KIND"
		echo "cold=${COLD[*]}"
		echo "rounds=$ROUNDS"
		echo "duration=$DURATION"
		echo "warmUp=$WARM_UP"
		echo "connections=$CONNECTIONS"
		echo "tokens=$TOKENS"
		echo "flags=$JVM_FLAGS"
		echo "commit=$(git -C "$ROOT" describe --always --dirty --exclude "*" 2>/dev/null)"
		echo "cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
		echo "cores=$(nproc)"
		echo "memory=$(awk '/^MemTotal/ { printf "%.0f GB", $2 / 1e6 }' /proc/meminfo)"
		echo "system=$(uname -sr)"
		echo "java=$("$JAVA" -version 2>&1 | sed -n 3p)"
		echo "nginx=$(nginx -v 2>&1 | sed 's|.*nginx/||')"
		echo "haproxy=$(haproxy -vv | sed -n 's/^HA-\{0,1\}Proxy version \([^ ]*\).*/\1/p; s/^Running on OpenSSL version : //p' | paste -sd, | sed 's/,/, /')"
		echo "wrk=$(wrk -v | sed -n '1s/^wrk \([^ ]*\).*/\1/p')"
		echo "scg=$(jar tf "$PEER_JAR" 2>/dev/null | sed -n 's|.*/spring-cloud-gateway-server-webflux-\(.*\)\.jar|\1|p')"
		echo "netty=$(jar tf "$GATEWAY_JAR" 2>/dev/null | sed -n 's|.*/netty-common-\(.*\)\.jar|\1|p')"
	} >"$WORK/facts.properties"
	"$JAVA" "$HERE/tools/Report.java" "$WORK" "$REPORT" || fail "no report"
}

profile() {
	say "recording the gateway for $PROFILE s"
	jcmd "${PID[gateway]}" JFR.start name=benchmark settings=profile filename="$WORK/gateway.jfr" >/dev/null || fail "no Flight Recorder"
	load gateway "$PROFILE"
	jcmd "${PID[gateway]}" JFR.stop name=benchmark >/dev/null
	say "see $WORK/gateway.jfr"
}
