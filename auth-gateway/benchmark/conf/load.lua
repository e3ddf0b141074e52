-- The load: requests of one part, each with the next token of a file. They are made once, so that the generator costs as little
-- as it can. Usage: wrk … -s load.lua URL -- PART TOKENS_FILE [FILE]. Prints one line of numbers for run: counts, microseconds.
-- small: GET, counted. post: POST of the bodies in FILE (digest, blank, body); the origin has to answer with the digest of one.
-- get64k: GET of what is in FILE, compared byte for byte.
local requests, count, last, expected = {}, 0, 0, {}
local threads = {}
wrong = 0

local function bodies(file)
  local all = {}
  for line in io.lines(file) do
    local digest, body = line:match("^(%x+) (.*)$")
    all[#all + 1] = { digest = digest, body = body }
    expected['{"digest":"' .. digest .. '"}'] = true
  end
  return all
end

local function compare(status, headers, body)
  if not expected[body] then
    wrong = wrong + 1
  end
end


function setup(thread)
  threads[#threads + 1] = thread
end

function init(args)
  local posts = args[1] == "post" and bodies(args[3])
  if args[1] == "get64k" then
    local file = assert(io.open(args[3], "rb"))
    expected[file:read("*a")] = true
    file:close()
  end
  for token in io.lines(args[2]) do
    count = count + 1
    local headers = { ["Authorization"] = "Bearer " .. token }
    if posts then
      local post = posts[count % #posts + 1]
      headers["Content-Type"] = "application/octet-stream"
      requests[count] = wrk.format("POST", wrk.path .. "?digest=" .. post.digest, headers, post.body)
    else
      requests[count] = wrk.format("GET", nil, headers)
    end
  end
  if args[1] ~= "small" then
    response = compare
  end
end

function request()
  last = last % count + 1
  return requests[last]
end

function done(summary, latency)
  local errors, differing = summary.errors, 0
  for _, thread in ipairs(threads) do
    differing = differing + thread:get("wrong")
  end
  io.write(string.format("RESULT %d %d %d %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(50.0),
    latency:percentile(99.0), errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    summary.bytes, differing))
end
