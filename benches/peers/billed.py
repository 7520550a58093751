"""What one would build instead: prepaid VIN look-up with FastAPI, ultravin and Redis.

    billed.py create KEY SECRET CALLS RATE   an account with so many calls and a key, RATE as 100/60
    billed.py serve HOST PORT                two workers, one for each core
    billed.py state KEY                      {"remaining": …, "logged": …} of the key's account, as JSON

The address of Redis is in the environment, PEER_REDIS. `cargo xtask bench billed` measures it.

It does for a query what Chejia does: it finds the key, checks the header `sign` (MD5 of the raw query
and the secret), limits the rate, decodes, takes one call from the balance, logs the call and answers
in the same envelope. What can be saved is saved: keys are kept in memory for 5 s, and all that Redis
has to do for a query is one script, so that a call is taken and logged at once and costs one round
trip. It is not durable in the same way: with `appendfsync everysec` the calls of the last second
are lost in a crash. It shows fewer fields, in English, and has no idea of expiry or of many nodes.
"""

import asyncio
import datetime
import hashlib
import hmac
import os
import sys
import time
from contextlib import asynccontextmanager
from typing import Annotated

import orjson
import redis.asyncio
import ultravin
import uvicorn
from fastapi import FastAPI, Header, Request, Response

CHINA = datetime.timezone(datetime.timedelta(hours=8))
KEY_AGE = 5.0
PRODUCT = "200"

# Limits the rate, takes a call and logs it; nothing of it happens when the first two say no.
CHARGE = """
local used = redis.call('incr', KEYS[1])
if used == 1 then redis.call('expire', KEYS[1], ARGV[2]) end
if used > tonumber(ARGV[1]) then
    redis.call('decr', KEYS[1])
    return {429, 0, 0, 0}
end
local left = tonumber(ARGV[1]) - used
local price = tonumber(ARGV[3])
local balance = tonumber(redis.call('get', KEYS[2]) or '0')
if balance < 1 then return {603, 0, 0, left} end
local order = redis.call('incr', KEYS[3])
if price > 0 then balance = redis.call('decrby', KEYS[2], price) end
redis.call('rpush', KEYS[4], order .. ARGV[4])
return {200, balance, order, left}
"""

TEXTS = {
    200: "成功",
    401: "密钥无效",
    402: "签名错误",
    403: "参数错误",
    429: "请求过于频繁",
    603: "次数已用完",
    1003: "未查询到车型",
}

# Our field, and the variable of ultravin that fills it.
FIELDS = (
    ("manufacturer", "Manufacturer Name"),
    ("brand", "Make"),
    ("typename", "Model"),
    ("yeartype", "Model Year"),
    ("version", "Trim"),
    ("bodytype", "Body Class"),
    ("doornum", "Doors"),
    ("seatnum", "Number of Seats"),
    ("enginemodel", "Engine Model"),
    ("displacement", "Displacement (L)"),
    ("displacementml", "Displacement (CC)"),
    ("cylindernum", "Engine Number of Cylinders"),
    ("fueltype", "Fuel Type - Primary"),
    ("fuelmethod", "Fuel Delivery / Fuel Injection Type"),
    ("maxhorsepower", "Engine Brake (hp) From"),
    ("drivemode", "Drive Type"),
    ("geartype", "Transmission Style"),
    ("gearnum", "Transmission Speeds"),
    ("wheelbase", "Wheel Base (inches) From"),
    ("weight", "Curb Weight (pounds)"),
)


@asynccontextmanager
async def lifespan(app):
    # Queries wait for one of so many connections: a pool without an end would open one for each.
    pool = redis.asyncio.BlockingConnectionPool.from_url(
        os.environ["PEER_REDIS"], max_connections=32, timeout=None
    )
    app.state.redis = redis.asyncio.Redis.from_pool(pool)
    app.state.charge = app.state.redis.register_script(CHARGE)
    app.state.keys = {}
    # The tables are read with the first VIN, not with the first caller's.
    ultravin.decode("1HGCM82633A004352")
    yield
    await app.state.redis.aclose()


app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)


def digest(key):
    return hashlib.sha256(key.encode()).hexdigest()


async def find(key):
    """What Redis knows of a key, at most 5 s old; None for a key that it does not know."""
    known = app.state.keys.get(key)
    now = time.monotonic()
    if known is not None and now - known[0] < KEY_AGE:
        return known[1]
    found = await app.state.redis.hgetall("key:" + digest(key))
    if not found:
        app.state.keys.pop(key, None)
        return None
    owner = {
        "id": digest(key),
        "account": found[b"account"].decode(),
        "secret": found[b"secret"],
        "calls": int(found[b"calls"]),
        "seconds": int(found[b"seconds"]),
    }
    app.state.keys[key] = (now, owner)
    return owner


def answer(code, data=None, headers=None):
    body = orjson.dumps({"code": code, "msg": TEXTS[code], "data": data})
    return Response(body, media_type="application/json; charset=utf-8", headers=headers)


@app.get("/readyz")
async def readyz():
    await app.state.redis.ping()
    return Response("ok")


@app.get("/api/vin/get")
async def vin_get(request: Request, key: str = "", vin: str = "", sign: Annotated[str, Header()] = ""):
    owner = await find(key)
    if owner is None:
        return answer(401)
    wanted = hashlib.md5(request.scope["query_string"] + owner["secret"]).hexdigest()
    if not hmac.compare_digest(wanted.encode(), sign.lower().encode()):
        return answer(402)
    vin = vin.strip().upper()
    if len(vin) != 17 or not vin.isalnum():
        return answer(403)

    vehicle = ultravin.decode(vin)
    attributes = vehicle["attributes"]
    if not attributes.get("Make"):
        return answer(1003)
    is_charged = bool(attributes.get("Model"))

    now = datetime.datetime.now(CHINA)
    day = now.strftime("%y%m%d")
    window = int(now.timestamp()) // owner["seconds"]
    entry = orjson.dumps([int(now.timestamp()), owner["account"], owner["id"][:16], vin, 200, int(is_charged)])
    code, remaining, order, left = await app.state.charge(
        keys=[
            f"rate:{owner['id']}:{window}",
            "balance:" + owner["account"],
            "orders:" + day,
            "calls:" + day,
        ],
        args=[owner["calls"], owner["seconds"], int(is_charged), entry],
    )
    limits = {
        "x-ratelimit-limit": str(owner["calls"]),
        "x-ratelimit-remaining": str(left),
        "x-ratelimit-reset": str(owner["seconds"]),
    }
    if code != 200:
        return answer(code, headers=limits)
    result = {"vin": vin, "iscorrect": int(vehicle["check_digit_valid"])}
    for field, variable in FIELDS:
        result[field] = attributes.get(variable) or ""
    data = {
        "order_no": f"{PRODUCT}{day}{order:09}",
        "result": result,
        "match": {"level": "type" if is_charged else "brand", "channel": "local"},
        "charge": {"charged": is_charged, "count": int(is_charged), "remaining": remaining},
    }
    return answer(200, data, limits)


async def create(store, key, secret, calls, rate):
    rate_calls, seconds = rate.split("/")
    account = await store.incr("accounts")
    owner = {"account": account, "secret": secret, "calls": rate_calls, "seconds": seconds}
    await store.hset("key:" + digest(key), mapping=owner)
    await store.set(f"balance:{account}", calls)


async def state(store, key):
    account = await store.hget("key:" + digest(key), "account")
    logs = [log async for log in store.scan_iter(match="calls:*")]
    logged = 0
    for log in logs:
        for entry in await store.lrange(log, 0, -1):
            logged += orjson.loads(entry[entry.index(b"[") :])[1] == account.decode()
    remaining = int(await store.get("balance:" + account.decode()))
    sys.stdout.buffer.write(orjson.dumps({"remaining": remaining, "logged": logged}))


async def run(command, arguments):
    async with redis.asyncio.Redis.from_url(os.environ["PEER_REDIS"]) as store:
        await command(store, *arguments)


def serve(host, port):
    uvicorn.run(
        "billed:app",
        app_dir=os.path.dirname(os.path.abspath(__file__)),
        host=host,
        port=int(port),
        workers=2,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
    )


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    if command == "serve":
        serve(*arguments)
    else:
        asyncio.run(run({"create": create, "state": state}[command], arguments))
