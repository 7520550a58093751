"""Compares every example of an OpenAPI document with its schema; prints how many there are."""

import sys

import requests
from jsonschema_rs import Draft202012Validator

document = requests.get(sys.argv[1], timeout=10).json()
count = 0
for path, item in document["paths"].items():
    for method, operation in item.items():
        for status, answer in operation["responses"].items():
            for kind, content in answer.get("content", {}).items():
                schema = {**content["schema"], "components": document["components"]}
                validator = Draft202012Validator(schema)
                for name, example in content.get("examples", {}).items():
                    count += 1
                    for error in validator.iter_errors(example["value"]):
                        place = f"{method} {path} {status} {kind} {name}"
                        sys.exit(f"{place}: {error.instance_path}: {error.message}")
print(count)
