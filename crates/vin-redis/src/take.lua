-- Takes one call of a limit, or says why not. One key, so that a cluster may hold it; the server's
-- own time, so that the clocks of nodes do not matter.
-- KEYS[1]  a hash: at (microseconds) and debt (microseconds until all calls are there again) of the
--          rate, day and today (calls, those under way included) of the cap
-- ARGV     calls, period (microseconds) and least debt of the rate, calls 0 for none;
--          cap (0 for none), day, calls that the store counted, 1 when it just did;
--          how long to remember, in milliseconds
-- returns  0 when the store must be asked how many calls the day had; else
--          1, what refuses (1 rate, 2 cap, 3 both, 0 nothing), debt, today
local time = redis.call('time')
local now = time[1] * 1000000 + time[2]
local calls, period = tonumber(ARGV[1]), tonumber(ARGV[2])
local cap, day = tonumber(ARGV[4]), ARGV[5]
local held = redis.call('hmget', KEYS[1], 'at', 'debt', 'day', 'today')
local over, debt, each, today = 0, 0, 0, 0
if calls > 0 then
    local at = tonumber(held[1] or now)
    if at > now then
        -- The clock was set back.
        at = now
        redis.call('hset', KEYS[1], 'at', string.format('%.0f', now))
    end
    debt = math.max(tonumber(held[2] or 0) - (now - at), 0)
    local least = tonumber(ARGV[3])
    if least > debt then
        -- A node tells this once, so that it must not be lost if the call is refused.
        debt = least
        redis.call('hset', KEYS[1], 'at', string.format('%.0f', now), 'debt', string.format('%.6f', debt))
        redis.call('pexpire', KEYS[1], ARGV[8])
    end
    each = period / calls
    if debt + each > period + each / 1000000 then
        over = 1
    end
end
if cap > 0 then
    if held[3] == day then
        today = tonumber(held[4])
    elseif ARGV[7] ~= '1' then
        return {0}
    end
    today = math.max(today, tonumber(ARGV[6]))
    if today >= cap then
        over = over + 2
    end
end
if over == 0 then
    if calls > 0 then
        debt = debt + each
        redis.call('hset', KEYS[1], 'at', string.format('%.0f', now), 'debt', string.format('%.6f', debt))
    end
    if cap > 0 then
        today = today + 1
        redis.call('hset', KEYS[1], 'day', day, 'today', string.format('%.0f', today))
    end
    redis.call('pexpire', KEYS[1], ARGV[8])
end
return {1, over, math.floor(debt), today}
