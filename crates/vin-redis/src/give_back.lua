-- Gives back one call of a day that was taken and not used.
-- KEYS[1]  as in take.lua
-- ARGV     day
local held = redis.call('hmget', KEYS[1], 'day', 'today')
if held[1] == ARGV[1] and tonumber(held[2]) > 0 then
    redis.call('hincrby', KEYS[1], 'today', -1)
end
return 1
