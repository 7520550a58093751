"""Signs as Python clients do, with both kinds of signature."""

import hashlib
import hmac
import sys
import time
import urllib.parse
import urllib.request

url, key, secret, vin = sys.argv[1:]
path = urllib.parse.urlsplit(url).path


def send(raw, headers, post=False):
    data = raw.encode() if post else None
    target = url if post else f"{url}?{raw}"
    request = urllib.request.Request(target, data=data, headers=headers)
    print(urllib.request.urlopen(request, timeout=20).read().decode())


def md5(text):
    return hashlib.md5((text + secret).encode()).hexdigest()


params = {"note": "车 架~a+b&c=d*(e)", "vin": f" {vin} ", "key": key}
quoted = urllib.parse.urlencode(params)
send(quoted, {"sign": md5(quoted)})
send(quoted, {"sign": md5(quoted)}, post=True)
send(quoted, {"sign": md5("&".join(f"{n}={v}" for n, v in params.items()))})
for post in (False, True):
    timestamp, nonce = str(int(time.time())), f"python-{int(post)}-nonce"
    text = "\n".join(["POST" if post else "GET", path, quoted, timestamp, nonce])
    sign = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    send(quoted, {"sign-v2": sign, "timestamp": timestamp, "nonce": nonce}, post=post)
