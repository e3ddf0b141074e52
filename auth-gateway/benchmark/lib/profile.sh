# Where the gateway's event loops spend their time. Sourced by ../run.

ASYNC_PROFILER=tools.profiler:async-profiler:4.1

profile() {
	local library=$WORK/libasyncProfiler.so pid=${PID[gateway]} cpu
	if [[ ! -e $library ]]; then
		say "fetching $ASYNC_PROFILER"
		maven dependency:copy -Dartifact="$ASYNC_PROFILER" -DoutputDirectory="$WORK" -Dmdep.stripVersion=true
		(cd "$WORK" && unzip -qoj async-profiler.jar "linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')/*") \
			|| fail "no profiler for this machine"
	fi
	check_part small gateway
	warm_up_jvm small gateway
	say "recording the gateway for $PROFILE s"
	agent "start,event=cpu,interval=1ms,threads"
	load small gateway "$PROFILE"
	agent "stop,file=$WORK/gateway.collapsed,collapsed,threads,ann"
	"$JAVA" -cp "$WORK/classes" Profile "$WORK/gateway.collapsed" || fail "no profile"
}

# agent OPTIONS: in quotes of its own, since jcmd would read them as its arguments
agent() {
	jcmd "${PID[gateway]}" JVMTI.agent_load "$WORK/libasyncProfiler.so" "\"$1\"" >"$WORK/profiler.log" 2>&1
	grep -q "return code: 0" "$WORK/profiler.log" || fail "no profiler: $(tail -n 1 "$WORK/profiler.log")"
}
