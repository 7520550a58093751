#!/bin/sh
# 查询一个车架号 Look a VIN up
curl -sS -G '@BASE@/api/vin/get' \
  --data-urlencode 'key=@KEY@' \
  --data-urlencode 'vin=@VIN@'
