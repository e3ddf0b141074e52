-- The load: GET with each token of a file in turn. Requests are made once, so that the generator costs as little as it can.
-- Usage: wrk … -s load.lua URL -- TOKENS_FILE. Prints one line of numbers for run: microseconds, counts.
local requests, count, last = {}, 0, 0

function init(args)
  for token in io.lines(args[1]) do
    count = count + 1
    requests[count] = wrk.format("GET", nil, { ["Authorization"] = "Bearer " .. token })
  end
end

function request()
  last = last % count + 1
  return requests[last]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(50.0),
    latency:percentile(99.0), errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
