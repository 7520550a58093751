"""Usage: client.py URL VIN. Prints one answer per line."""

import sys

import requests

url, vin = sys.argv[1:]
params = {"key": "demo", "vin": vin}
answers = [
    requests.get(url, params=params, timeout=10),
    requests.post(url, data=params, timeout=10),
    requests.post(url, json=params, timeout=10),
    requests.post(url, params={"key": "demo"}, data={"vin": vin}, timeout=10),
    requests.post(url, json=params | {"year": 2011, "explain": 0}, timeout=10),
]
for answer in answers:
    answer.raise_for_status()
    assert answer.encoding == "utf-8"
    assert answer.json()["code"] == 200, answer.text
    sys.stdout.buffer.write(answer.content + b"\n")
