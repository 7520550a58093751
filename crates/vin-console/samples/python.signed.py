# 签名 = md5(查询字符串 + SK) Signature: MD5 of the query string and the secret
import hashlib
import json
from urllib.parse import urlencode
from urllib.request import Request, urlopen

secret = "@SECRET@"
query = urlencode({"key": "@KEY@", "vin": "@VIN@"})
sign = hashlib.md5((query + secret).encode()).hexdigest()
request = Request("@BASE@/api/vin/get?" + query, headers={"sign": sign})
with urlopen(request, timeout=10) as answer:
    vehicle = json.load(answer)
if vehicle["code"] == 200:
    print(vehicle["code"], vehicle["data"]["result"]["name"])
else:
    print(vehicle["code"], vehicle["msg"])
