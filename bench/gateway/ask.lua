-- One body after another from a file of lines; one token after another when asked. Reports non-200 answers.
local bodies, tokens, at = {}, 1, 0
function init(args)
  for line in io.lines(args[1]) do bodies[#bodies + 1] = line end
  tokens = tonumber(args[2])
  wrk.method = "POST"
  wrk.headers["content-type"] = "application/json"
end
function request()
  at = at + 1
  wrk.headers["authorization"] = "Bearer bench-" .. (at % tokens)
  return wrk.format(nil, nil, nil, bodies[at % #bodies + 1])
end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format('\n{"requests":%d,"micros":%d,"bytes":%d,"p50":%d,"p99":%d,"errors":%d}\n', summary.requests, summary.duration, summary.bytes,
    latency:percentile(50), latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))
end
