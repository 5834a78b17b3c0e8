-- One shadow: what is kept of a user, and who writes about them. Whatever is written here has an expiry, in milliseconds.
-- KEYS: the shadow, a hash; its writers, a sorted set by when they are taken for dead; whose decision is taken next.
-- ARGV: what to do, a token that nobody else has, an expiry, and what else the doing takes.
local shadow, writers, turn = KEYS[1], KEYS[2], KEYS[3]
local doing, token, expiry = ARGV[1], ARGV[2], ARGV[3]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local server = redis.call('INFO', 'replication')
if not server:find('role:master', 1, true) then
  return redis.error_reply('READONLY only the one that others follow is asked')
end
local does = {}

-- Of which epoch a shadow is that is kept now. One of another is not read: a server that was promoted or started anew
-- may have missed a write, and a write that was about everybody began a new generation.
local function epoch_of(generation)
  local epoch = server:match('master_replid:(%x+)') .. generation
  if redis.call('HGET', shadow, 'epoch') ~= epoch then
    redis.call('DEL', shadow)
  end
  return epoch
end

-- `generation, field, …`: the lease and the fields; nothing while somebody writes. Where nothing is, `token` is the lease.
function does.read()
  if redis.call('ZCOUNT', writers, now, '+inf') > 0 then
    return {}
  end
  local epoch = epoch_of(ARGV[4])
  if redis.call('HSETNX', shadow, 'lease', token) == 1 then
    redis.call('HSET', shadow, 'epoch', epoch)
    redis.call('PEXPIRE', shadow, expiry)
  end
  return redis.call('HMGET', shadow, 'lease', unpack(ARGV, 5))
end

-- `generation, revision, field, value, …`: keeps the fields, if `token` is still the lease: it is from before the truth was
-- asked, and whoever has written since has taken it away.
function does.fill()
  local epoch = epoch_of(ARGV[4])
  if redis.call('HGET', shadow, 'lease') ~= token then
    return false
  end
  if redis.call('HGET', shadow, 'revision') ~= ARGV[5] then
    redis.call('DEL', shadow)
    redis.call('HSET', shadow, 'epoch', epoch, 'lease', token, 'revision', ARGV[5])
    redis.call('PEXPIRE', shadow, expiry)
  end
  if ARGV[6] then  -- else nothing was asked, as of no event type
    redis.call('HSET', shadow, unpack(ARGV, 6))
  end
end

-- `clock, most, claimant`: `token` is about to write. One whose clock is off by more than `most` is told by how much, and may
-- not; nor may a claimant before whom another has the turn, who is told whose it is. Others have no turn to wait for.
function does.mark()
  local clock, most, claimant = tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6]
  if clock and math.abs(clock - now) > most then
    return clock - now
  end
  local holder = redis.call('GET', turn)
  if claimant and holder and holder ~= claimant then
    return holder
  end
  redis.call('DEL', shadow)
  redis.call('ZREMRANGEBYSCORE', writers, '-inf', now)
  redis.call('ZADD', writers, now + expiry, token)
  redis.call('PEXPIRE', writers, expiry)
end

-- `token` has written.
function does.unmark()
  redis.call('DEL', shadow)
  redis.call('ZREM', writers, token)
end

-- Whether the turn is that of `token`, for so long as `expiry`.
function does.claim()
  local holder = redis.call('GET', turn)
  if holder and holder ~= token then
    return false
  end
  redis.call('SET', turn, token, 'PX', expiry)
  return 1
end

-- The turn of `token` is over.
function does.leave()
  if redis.call('GET', turn) == token then
    redis.call('DEL', turn)
  end
end

return does[doing]()
