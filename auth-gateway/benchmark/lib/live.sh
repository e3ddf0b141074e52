# What stays open: event streams, WebSockets, and what idle connections weigh. Sourced by ../run.

# live PART TARGET OPTION…: the line of LiveLoad, into NUMBERS
live() {
	local part=$1 target=$2 out
	shift 2
	out=$(timeout 180 "$JAVA" -Xms256m -Xmx512m -cp "$WORK/classes:$TEST_CLASSPATH" LiveLoad part="$part" origin="$BENCH_LIVE_PORT" \
		port="$(port_of "$target")" pid="${PID[$target]}" tokens="$(tokens_of "$target")" "$@" 2>"$WORK/live.log" \
		| grep -E '^(RESULT|FAILED)')
	[[ $out == RESULT* ]] || fail "$part through $target: ${out:-no numbers}: THIS RUN IS VOID; see $WORK/live.log"
	NUMBERS=${out#RESULT }
}

# The CPU time is of the measure alone; the share of other processes is of the load's whole life, start and warm-up included.
measure_live() { # PART ROUND TARGET
	local start=${EPOCHREALTIME/./}
	cost_of "$3" "" live "$1" "$3" connections="$STREAMS" warm-up=2 duration="$(duration_of "$1")"
	local took=$((${EPOCHREALTIME/./} - start))
	set -- "$1" "$2" "$3" $NUMBERS
	note "$1" "$2" "$3" "$4" "$5" "$6" "$7" "$took"
}

live_part() { # PART
	local part=$1 targets target
	mapfile -t targets < <(targets_of "$part")
	for target in "${targets[@]}"; do
		if is_jvm "$target"; then live "$part" "$target" connections="$STREAMS" warm-up=0 duration=$((WARM_UP < 10 ? WARM_UP : 10)); fi
	done
	rounds "$part" $((ROUNDS < 3 ? ROUNDS : 3)) measure_live "${targets[@]}"
}

# memory: lines of target, kind, connections and bytes for each into memory.tsv. A first, smaller lot has been there and gone, so
# that what is made once for all is not counted as theirs.
memory() {
	local targets target kind
	mapfile -t targets < <(targets_of memory)
	for kind in keep-alive idle-websocket; do
		for target in "${targets[@]}"; do
			local options=(jvm="$(is_jvm "$target" && echo yes || echo no)")
			live "$kind" "$target" connections=$((IDLE / 10)) "${options[@]}"
			live "$kind" "$target" connections="$IDLE" "${options[@]}"
			set -- $NUMBERS
			printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$target" "$kind" "$@" | tee -a "$WORK/memory.tsv" | awk -F'\t' '{
				printf "memory    %-14s %-14s %d open: each %s bytes resident, %s heap, %s direct\n", $1, $2, $3, $4, $5, $6 }' >&2
		done
	done
}
