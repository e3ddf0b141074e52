# Processes: started in the background, found again by pid, accounted, ended by pid. Sourced by ../run.

declare -A PID=() # of each process that we started, by name
STARTED=()       # their names in order

say() { printf '%s\n' "$*" >&2; }

fail() {
	say "benchmark: $*"
	exit 1
}

# start NAME COMMAND…: output goes to the log of that name in the work folder
start() {
	local name=$1
	shift
	: >"$WORK/$name.log"
	"$@" >"$WORK/$name.log" 2>&1 </dev/null &
	PID[$name]=$!
	STARTED+=("$name")
}

alive() { kill -0 "${PID[$1]}" 2>/dev/null; }

# await NAME URL STATUS SECONDS: until the process answers with that status
await() {
	local name=$1 url=$2 status=$3 end=$((SECONDS + $4))
	until [[ $(curl -s -m 2 -o /dev/null -w '%{http_code}' "$url") == "$status" ]]; do
		alive "$name" || fail "$name ended by itself; its last words: $(tail -n 5 "$WORK/$name.log")"
		((SECONDS < end)) || fail "$name did not answer $status at $url within $4 s; see $WORK/$name.log"
		sleep 0.2
	done
}

# await_line NAME TEXT SECONDS: until its log says so
await_line() {
	local name=$1 end=$((SECONDS + $3))
	until grep -qs "$2" "$WORK/$name.log"; do
		alive "$name" || fail "$name ended by itself; its last words: $(tail -n 5 "$WORK/$name.log")"
		((SECONDS < end)) || fail "$name did not say '$2' within $3 s; see $WORK/$name.log"
		sleep 0.2
	done
}

stop() {
	local name=$1 end=$((SECONDS + 15))
	kill "${PID[$name]}" 2>/dev/null
	while alive "$name" && ((SECONDS < end)); do sleep 0.1; done
	alive "$name" && kill -9 "${PID[$name]}"
	wait "${PID[$name]}" 2>/dev/null
	unset "PID[$name]"
}

# the last first: nothing loses what it stands on
stop_all() {
	local i
	for ((i = ${#STARTED[@]} - 1; i >= 0; i--)); do
		[[ -n ${PID[${STARTED[i]}]-} ]] && stop "${STARTED[i]}"
	done
}

# CPU time in ticks (user and system) of a process with all its threads, and of its children: workers of nginx
cpu_ticks() {
	local pid stat fields total=0
	for pid in "$1" $(pgrep -P "$1"); do
		stat=$(<"/proc/$pid/stat")
		read -ra fields <<<"${stat##*) }" # behind the name, which may hold blanks: state is field 3 of proc(5)
		total=$((total + fields[11] + fields[12]))
	done
	echo "$total"
}

# CPU time in ticks of the compiler threads of a JVM (HotSpot), as far as they live
cpu_ticks_of_compilers() {
	awk '/CompilerThre/ { sub(/.*\) /, ""); total += $12 + $13 } END { print total + 0 }' "/proc/$1/task/"*/stat 2>/dev/null
}

# CPU time in ticks of the children that this shell has waited for: the load generator
cpu_ticks_of_children() {
	local stat fields
	stat=$(<"/proc/$$/stat")
	read -ra fields <<<"${stat##*) }"
	echo $((fields[13] + fields[14]))
}

# busy CPU time in ticks of the whole machine
cpu_ticks_of_machine() {
	local fields
	read -ra fields </proc/stat
	echo $((fields[1] + fields[2] + fields[3] + fields[6] + fields[7] + fields[8]))
}
