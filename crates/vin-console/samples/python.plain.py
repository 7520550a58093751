# 查询一个车架号，只用标准库 Look a VIN up with the standard library alone
import json
from urllib.parse import urlencode
from urllib.request import urlopen

query = urlencode({"key": "@KEY@", "vin": "@VIN@"})
with urlopen("@BASE@/api/vin/get?" + query, timeout=10) as answer:
    vehicle = json.load(answer)
if vehicle["code"] == 200:
    print(vehicle["code"], vehicle["data"]["result"]["name"])
else:
    print(vehicle["code"], vehicle["msg"])
