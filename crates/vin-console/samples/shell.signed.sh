#!/bin/sh
# 签名 = md5(查询字符串 + SK) Signature: MD5 of the query string and the secret
secret='@SECRET@'
query='key=@KEY@&vin=@VIN@'
sign=$(printf '%s%s' "$query" "$secret" | md5sum | cut -d ' ' -f 1)
curl -sS -H "sign: $sign" "@BASE@/api/vin/get?$query"
