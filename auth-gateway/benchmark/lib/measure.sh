# Load, and what it costs. Sourced by ../run.

port_of() {
	case $1 in
		gateway) echo "$BENCH_GATEWAY_PORT" ;;
		before) echo "$BENCH_BEFORE_PORT" ;;
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

origin_of() {
	case $1 in
		post) echo haproxy-intake ;;
		*) echo nginx-backend ;;
	esac
}

tokens_of() {
	case $1 in
		gateway | before | haproxy-es256) echo "$WORK/es256.tokens" ;;
		*) echo "$WORK/rs256.tokens" ;;
	esac
}

is_jvm() { [[ $1 == gateway || $1 == before || $1 == scg ]]; }

resource_of() { # PART
	case $1 in
		post) echo /api/intake/orders ;;
		get64k) echo /api/customer/menus/7 ;;
		*) echo "/api/customer/orders/42?expand=items" ;;
	esac
}

file_of() { # PART
	case $1 in
		post) echo "$WORK/posts" ;;
		get64k) echo "$WORK/menu.json" ;;
	esac
}

duration_of() { # PART
	[[ $1 == small || $DURATION -lt 5 ]] && echo "$DURATION" || echo 5
}

# The targets that a part is measured with, of those that are wanted
targets_of() {
	local target
	for target in "${TARGETS[@]}"; do
		case $1-$target in
			small-* | *-gateway | *-before | *-scg | *-haproxy-es256 | post-haproxy-rs256 | post-nginx | get64k-haproxy-rs256 | get64k-nginx)
				echo "$target"
				;;
		esac
	done
}

# What is posted, with its digests; and what is got
bodies() {
	local i body
	for i in {1..16}; do
		body=$(head -c 768 /dev/urandom | base64 -w 0)
		printf '%s %s\n' "$(printf %s "$body" | sha256sum | cut -d ' ' -f 1)" "$body"
	done >"$WORK/posts"
	head -c 49152 /dev/urandom | base64 -w 0 >"$WORK/menu.json"
}

request() { # TARGET PART TOKEN: the status and the sizes of head and body; the body is in the work folder
	curl -s -m 5 -o "$WORK/answer" -w '%{http_code} %{size_header} %{size_download}' -H "Authorization: Bearer $3" \
		"http://127.0.0.1:$(port_of "$1")$(resource_of "$2")"
}

expect() { # TARGET WHAT TOKEN STATUS
	local answer
	answer=$(request "$1" small "$3")
	[[ ${answer%% *} == "$4" ]] || fail "$1 answered ${answer%% *} to $2 (expected $4): $(head -c 300 "$WORK/answer")"
}

declare -A SIZE=() # bytes of a target's answer in a part

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

# The right answer, how long it is, and that the origin of what is posted refuses a body that is not what was sent
check_part() { # PART TARGET
	local part=$1 target=$2 token answer digest body
	token=$(head -n 1 "$(tokens_of "$target")")
	if [[ $part == post ]]; then
		read -r digest body <"$WORK/posts"
		local url
		url=http://127.0.0.1:$(port_of "$target")$(resource_of post)
		answer=$(curl -s -m 5 -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $token" --data-binary "x${body:1}" \
			"$url?digest=$digest")
		[[ $answer == 400 ]] || fail "$target: a body that is not what was sent was answered $answer (expected 400)"
		answer=$(curl -s -m 5 -o "$WORK/answer" -w '%{http_code} %{size_header} %{size_download}' \
			-H "Authorization: Bearer $token" --data-binary "$body" "$url?digest=$digest")
		[[ $(<"$WORK/answer") == "{\"digest\":\"$digest\"}" ]] || fail "$target: $answer to a POST: $(head -c 300 "$WORK/answer")"
	else
		answer=$(request "$target" "$part" "$token")
		[[ $part == small ]] || cmp -s "$WORK/answer" "$(file_of "$part")" || fail "$target: another answer than the file"
	fi
	local sizes=${answer#* }
	SIZE[$part-$target]=$((${sizes% *} + ${sizes#* }))
}

seen_by_backend() { # PART
	if [[ $1 == post ]]; then
		curl -s -m 5 "http://127.0.0.1:$BENCH_COUNT_PORT/;csv" | awk -F, '
			NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i }
			$1 == "intake" && $2 == "FRONTEND" { print $column["req_tot"] }'
	else
		curl -s -m 5 "http://127.0.0.1:$BENCH_BACKEND_PORT/stub_status" | awk 'NR == 3 { print $3 }'
	fi
}

# load PART TARGET SECONDS: the numbers of load.lua, after counting that each answer was the backend's and none an error
load() {
	local part=$1 target=$2 before after numbers size seen
	before=$(seen_by_backend "$part")
	numbers=$(timeout $(($3 + 30)) wrk -t1 -c"$CONNECTIONS" -d"$3s" --timeout 5s -s "$HERE/conf/load.lua" \
		"http://127.0.0.1:$(port_of "$target")$(resource_of "$part")" -- "$part" "$(tokens_of "$target")" $(file_of "$part") \
		| sed -n 's/^RESULT //p')
	[[ -n $numbers ]] || fail "$target: the load generator gave no numbers"
	after=$(seen_by_backend "$part")
	set -- $numbers
	(($5 == 0)) || fail "$target: $5 of $1 ANSWERS WERE NOT 2xx: THIS RUN IS VOID"
	(($6 == 0)) || fail "$target: $6 connections or requests FAILED: THIS RUN IS VOID"
	(($8 == 0)) || fail "$target: $8 of $1 ANSWERS WERE NOT WHAT WAS SENT: THIS RUN IS VOID"
	(($1 > 0)) || fail "$target: nothing was answered: THIS RUN IS VOID"
	size=${SIZE[$part-$target]}
	(($7 >= $1 * size * 99 / 100 && $7 <= ($1 + CONNECTIONS) * size * 101 / 100)) \
		|| fail "$target: $1 answers of $size bytes each, but $7 bytes came: THIS RUN IS VOID"
	# the last question for the count is itself in it, where the backend is the one that counts
	seen=$((after - before))
	[[ $part == post ]] || seen=$((seen - 1))
	# what was in flight at the end may be in it
	((seen >= $1 && seen <= $1 + 2 * CONNECTIONS)) || fail "$target: $1 answers, but the backend saw $seen requests: THIS RUN IS VOID"
	NUMBERS=$numbers
}

declare -A WARM=() # JVMs that have been under load before
COLD=()            # those that did not get warm in time

# A JVM is warm when it has answered WARM_REQUESTS and its compilers have been all but idle for two times five seconds (under 5 %
# of its CPU time); WARM_UP seconds are the bound, and 15 for a further part.
warm_up_jvm() { # PART TARGET
	local part=$1 target=$2 pid=${PID[$2]} bound=$WARM_UP least=$WARM_REQUESTS answered=0 calm=0 cpu compilers end
	[[ ${WARM[$target]-} ]] && bound=$((WARM_UP < 15 ? WARM_UP : 15)) least=10000
	WARM[$target]=yes
	end=$((SECONDS + bound))
	while ((SECONDS < end && (answered < least || calm < 2))); do
		cpu=$(cpu_ticks "$pid") compilers=$(cpu_ticks_of_compilers "$pid")
		load "$part" "$target" 5
		answered=$((answered + ${NUMBERS%% *})) cpu=$(($(cpu_ticks "$pid") - cpu))
		compilers=$(($(cpu_ticks_of_compilers "$pid") - compilers))
		calm=$((compilers * 20 < cpu ? calm + 1 : 0))
	done
	say "$part: $target has warmed up with $answered requests"
	if ((bound == WARM_UP && (calm < 2 || answered < least))); then
		COLD+=("$target")
		say "$target IS NOT WARM after $bound s: its figures will be too bad"
	fi
}

# cost_of TARGET ORIGIN COMMAND…: runs it, and leaves CPU (ticks of the target) and OTHERS (of what is not part of this)
cost_of() {
	local pid=${PID[$(process_of "$1")]} origin=$2 cpu origins=0 machine children
	shift 2
	cpu=$(cpu_ticks "$pid")
	[[ $origin ]] && origins=$(cpu_ticks "${PID[$origin]}")
	children=$(cpu_ticks_of_children) machine=$(cpu_ticks_of_machine)
	"$@"
	MACHINE=$(($(cpu_ticks_of_machine) - machine)) children=$(($(cpu_ticks_of_children) - children))
	CPU=$(($(cpu_ticks "$pid") - cpu))
	[[ $origin ]] && origins=$(($(cpu_ticks "${PID[$origin]}") - origins))
	[[ $origin && ${PID[$origin]} == "$pid" ]] && origins=0
	OTHERS=$((MACHINE - children - CPU - origins))
}

measure_http() { # PART ROUND TARGET
	local start=${EPOCHREALTIME/./}
	cost_of "$3" "$(origin_of "$1")" load "$1" "$3" "$(duration_of "$1")"
	local took=$((${EPOCHREALTIME/./} - start))
	set -- "$1" "$2" "$3" $NUMBERS
	note "$1" "$2" "$3" "$(awk -v requests="$4" -v us="$5" 'BEGIN { print requests * 1e6 / us }')" "$6" "$7" \
		"$(awk -v cpu="$CPU" -v tick="$(getconf CLK_TCK)" -v requests="$4" 'BEGIN { print cpu / tick * 1e6 / requests }')" "$took"
}

# note PART ROUND TARGET RATE P50 P99 CPU TOOK: one line into results.tsv; times in microseconds
note() {
	awk -v OFS='\t' -v others="$OTHERS" -v tick="$(getconf CLK_TCK)" -v cores="$(nproc)" -v took="$8" \
		-v fields="$1 $2 $3 $4 $5 $6 $7" 'BEGIN {
			split(fields, f, " ")
			print f[1], f[2], f[3], f[4], f[5], f[6], f[7], others / tick * 1e6 / took / cores }' \
		| tee -a "$WORK/results.tsv" | awk -F'\t' '{
			printf "%-9s round %d %-14s %8.0f/s  p50 %7.2f ms  p99 %7.2f ms  %7.1f µs CPU each\n", $1, $2, $3, $4, $5 / 1e3, $6 / 1e3, $7 }' >&2
}

# Alternating, each round beginning with another target, so that a slow minute of the machine does not hit one alone.
rounds() { # PART ROUNDS MEASURE TARGET…
	local part=$1 rounds=$2 measure=$3 round i count
	shift 3
	local targets=("$@")
	count=${#targets[@]}
	for ((round = 1; round <= rounds; round++)); do
		for ((i = 0; i < count; i++)); do
			"$measure" "$part" "$round" "${targets[(i + round - 1) % count]}"
		done
	done
}

warm_up() { # PART TARGET…
	local part=$1 target
	shift
	for target in "$@"; do
		check_part "$part" "$target"
		if is_jvm "$target"; then warm_up_jvm "$part" "$target"; else load "$part" "$target" 2; fi
	done
}

http_part() { # PART
	local targets
	mapfile -t targets < <(targets_of "$1")
	warm_up "$1" "${targets[@]}"
	rounds "$1" "$([[ $1 == small || $ROUNDS -lt 3 ]] && echo "$ROUNDS" || echo 3)" measure_http "${targets[@]}"
}

report() {
	{
		echo "kind=$KIND"
		echo "cold=${COLD[*]}"
		echo "duration=$DURATION"
		echo "connections=$CONNECTIONS"
		echo "streams=$STREAMS"
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
	if [[ $KIND != full ]]; then
		cp "$REPORT" "$WORK/benchmarks.md"
		REPORT=$WORK/benchmarks.md
	fi
	"$JAVA" -cp "$WORK/classes" Report "$WORK" "$REPORT" || fail "no report"
}
